// What opens over the talk, and how does it close again?

import { byId } from "/sandbox/static/dom.js";

const SHEETS = [["more", "more-sheet"], ["place", "place-sheet"], ["stickers", "sticker-sheet"],
  ["menu", "menu-sheet"]];
const DRAWERS = [["open-people", "people"], ["open-side", "side"]];
const narrow = matchMedia("(max-width: 1079px)");

export function setUpSheets() {
  for (const [opener, sheet] of SHEETS) {
    byId(opener).addEventListener("click", () => {
      const willOpen = byId(sheet).hidden;
      closeSheets();
      if (!willOpen) return;
      byId(sheet).hidden = false;
      byId(opener).setAttribute("aria-expanded", "true");
      byId(sheet).querySelector("button, a")?.focus();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeSheets(true);
    closeDrawers(true);
  });
  byId("screen").addEventListener("click", () => closeSheets());
}

export function closeSheets(isReturning = false) {
  for (const [opener, sheet] of SHEETS) {
    if (!byId(sheet).hidden && isReturning) byId(opener).focus();
    byId(sheet).hidden = true;
    byId(opener).setAttribute("aria-expanded", "false");
  }
}

export function setUpDrawers() {
  for (const [opener, drawer] of DRAWERS) {
    byId(opener).addEventListener("click", () => {
      const willOpen = !byId(drawer).classList.contains("open");
      closeDrawers();
      if (!willOpen) return;
      byId(drawer).classList.add("open");
      byId(drawer).inert = false;
      byId(opener).setAttribute("aria-expanded", "true");
      byId("scrim").hidden = false;
      byId(drawer).querySelector("button")?.focus();
    });
  }
  for (const one of [byId("scrim"), ...document.querySelectorAll(".close")]) {
    one.addEventListener("click", () => closeDrawers(true));
  }
  narrow.addEventListener("change", () => closeDrawers());
  closeDrawers();
}

export function closeDrawers(isReturning = false) {
  for (const [opener, drawer] of DRAWERS) {
    const wasOpen = byId(drawer).classList.contains("open");
    byId(drawer).classList.remove("open");
    byId(drawer).inert = narrow.matches;
    byId(opener).setAttribute("aria-expanded", "false");
    if (wasOpen && isReturning) byId(opener).focus();
  }
  byId("scrim").hidden = true;
}

export function setUpTabs(onChange) {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const show = (chosen) => {
    for (const tab of tabs) {
      const isIt = tab === chosen;
      tab.setAttribute("aria-selected", String(isIt));
      tab.tabIndex = isIt ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isIt;
    }
    onChange();
  };
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
      const next = tabs[(at + 1) % tabs.length];
      show(next);
      next.focus();
    });
  }
}
