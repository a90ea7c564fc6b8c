// Lists: a current row for J and K, ticks with a "select all", and the bar that acts on the ticked rows.
import { say } from "./store.js";

const rows = () => [...document.querySelectorAll("[data-row]")];

/** Move the current row by one. @param {1|-1} step */
export function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("is-current"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  for (const row of all) row.classList.toggle("is-current", row === next);
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** Tick or untick the current row. */
export function pick() {
  const box = document.querySelector("[data-row].is-current input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

function refresh() {
  const boxes = [...document.querySelectorAll("[data-row] input[type=checkbox]")];
  const ticked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("[data-row]").classList.toggle("is-selected", box.checked);
  for (const all of document.querySelectorAll("[data-select-all]")) {
    all.checked = boxes.length > 0 && ticked.length === boxes.length;
    all.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  }
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    bar.hidden = ticked.length === 0;
    bar.querySelector("[data-selected]").textContent = say("saySelected", ticked.length);
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of document.querySelectorAll("[data-row] input[type=checkbox]")) box.checked = event.target.checked;
  }
  if (event.target.matches("input[type=checkbox]")) refresh();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-select-none]")) return;
  for (const box of document.querySelectorAll("[data-row] input[type=checkbox]")) box.checked = false;
  refresh();
});
document.addEventListener("htmx:after:settle", refresh);
addEventListener("pageshow", refresh);
