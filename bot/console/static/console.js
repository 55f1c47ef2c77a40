/* The console works without this file. It adds: live lists, kept words, keys. */
(() => {
  "use strict";
  const $ = (query, from = document) => from.querySelector(query);
  const $$ = (query, from = document) => [...from.querySelectorAll(query)];

  /* Words that were typed and not sent stay on this device until the tab is closed. */
  const STORE = "tt-keep:";
  const path = location.pathname;
  const keyOf = (field) => {
    const form = field.closest("[data-keep-form]");
    if (field.dataset.keep) return `${STORE}${path}:${field.dataset.keep}`;
    if (!form || !field.name || field.type === "hidden" || field.type === "password") return "";
    return `${STORE}${path}:${form.dataset.keepForm}:${field.name}`;
  };
  const restore = (root) => {
    for (const field of $$("textarea[data-keep], [data-keep-form] input, [data-keep-form] textarea", root)) {
      const key = keyOf(field);
      if (!key || ["checkbox", "radio", "file"].includes(field.type)) continue;
      const kept = sessionStorage.getItem(key);
      if (kept !== null && !field.value) field.value = kept;
    }
  };
  document.addEventListener("input", (event) => {
    const key = event.target instanceof Element ? keyOf(event.target) : "";
    if (key) sessionStorage.setItem(key, event.target.value);
  });
  /* Only an answer that moved on (a redirect to another page) forgets them. */
  const sent = STORE + "sent";
  document.addEventListener("submit", (event) => {
    const keys = $$("input, textarea", event.target).map(keyOf).filter(Boolean);
    if (keys.length) sessionStorage.setItem(sent, JSON.stringify({ keys, path }));
    for (const button of $$("button:not([name])", event.target)) {
      setTimeout(() => { button.disabled = true; }, 0);
      setTimeout(() => { button.disabled = false; }, 4000);
    }
  });
  const last = sessionStorage.getItem(sent);
  if (last) {
    const { keys } = JSON.parse(last);
    if ($(".note.good[role=status]")) keys.forEach((key) => sessionStorage.removeItem(key));
    sessionStorage.removeItem(sent);
  }
  restore(document);

  /* Lists and panels hear what moved; htmx fetches them again. */
  const url = document.body.dataset.liveUrl;
  const offline = $("#offline");
  if (url && window.EventSource) {
    const source = new EventSource(url);
    let lost = 0;
    source.addEventListener("topic", (event) => {
      document.body.dispatchEvent(new CustomEvent(`live:${event.data}`));
    });
    source.onerror = () => {
      clearTimeout(lost);
      lost = setTimeout(() => { if (offline) offline.hidden = false; }, 4000);
    };
    source.onopen = () => { clearTimeout(lost); if (offline) offline.hidden = true; };
    addEventListener("pagehide", () => source.close());
  }

  /* Keys: "/" search, "g" then a digit for a place, j/k through a list. */
  let waits = 0;
  const links = () => $$(".menu a");
  const rows = () => $$("#list tbody a, .rows a");
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.focus();
  };
  document.addEventListener("keydown", (event) => {
    const on = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (on instanceof Element && on.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") on.blur();
      return;
    }
    if (Date.now() - waits < 1500 && /^[0-9]$/.test(event.key)) {
      waits = 0;
      const link = links()[Number(event.key)];
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") waits = Date.now();
    else if (event.key === "/") {
      const search = $("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });

  /* On a phone menu and tabs scroll sideways: begin where we are. */
  for (const here of $$(".menu [aria-current], .tabs [aria-current]")) {
    for (let box = here.parentElement; box && box !== document.body; box = box.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(box).overflowX)) continue;
      const [inner, outer] = [here.getBoundingClientRect(), box.getBoundingClientRect()];
      box.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
      break;
    }
  }

  const fresh = $("[data-focus]");
  if (fresh) fresh.focus();
  document.addEventListener("focusin", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-select]")) event.target.select();
  });
  document.addEventListener("htmx:afterSwap", (event) => restore(event.target));
})();
