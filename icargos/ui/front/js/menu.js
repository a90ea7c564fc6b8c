// The menu behind a row's dots. There is one for all rows: its links are made for the row that opens it.
const GAP = 4;

/** @param {HTMLElement} menu @param {HTMLElement} row */
function fill(menu, row) {
  const made = (pattern) => pattern.replace("CN", row.dataset.row).replace("TRACK", row.dataset.track);
  for (const link of menu.querySelectorAll("[data-href]")) {
    link.href = made(link.dataset.href);
    const { needs } = link.dataset;
    link.hidden = Boolean(needs) && !row.matches(needs) && !row.querySelector(needs);
  }
  for (const copies of menu.querySelectorAll("[data-copy-link]")) copies.dataset.text = location.origin + made(copies.dataset.copyLink);
}

/** @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: wide, offsetHeight: high } = menu;
  const start = document.dir === "rtl" ? at.left : at.right - wide;
  const below = at.bottom + GAP + high < innerHeight;
  menu.style.insetInlineStart = "auto";
  menu.style.setProperty("left", `${Math.max(GAP, Math.min(start, innerWidth - wide - GAP))}px`);
  menu.style.setProperty("top", `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - high)}px`);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (button) {
    const menu = document.getElementById(button.dataset.menu);
    fill(menu, button.closest("[data-row]"));
    menu.showPopover();
    place(menu, button);
    menu.querySelector("a:not([hidden])")?.focus();
    menu.addEventListener("toggle", () => button.focus({ preventScroll: true }), { once: true });
  } else if (event.target.closest("[popover] a")) {
    event.target.closest("[popover]").hidePopover();
  }
});
