/* A button beside a value to paste elsewhere; without this file one selects it by hand. */
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-copy]")) {
    const value = box.querySelector("code");
    const button = box.querySelector("button");
    if (!value || !button || !navigator.clipboard) continue;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(value.textContent.trim());
        button.textContent = "Đã chép";
      } catch {
        getSelection().selectAllChildren(value);
        button.textContent = "Đã chọn, xin bấm Ctrl+C";
      }
      setTimeout(() => { button.textContent = label; }, 3000);
    });
  }
})();
