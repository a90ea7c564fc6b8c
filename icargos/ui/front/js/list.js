// Lists: a current row for J and K, ticks that last from page to page, and the bar that acts on what is ticked.
import { say } from "./store.js";

const form = document.querySelector("[data-remembers]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const boxes = () => [...document.querySelectorAll("[data-row] input[type=checkbox]")];
const everything = () => document.querySelector("[data-all-matching]");
// Ticks are kept for one list, as it is narrowed, while its tab is open.
const key = `ticked:${location.pathname}?${form?.dataset.remembers ?? ""}`;
const ticked = new Set(form ? JSON.parse(sessionStorage.getItem(key) ?? "[]") : []);
let current = "";
let last = null;

/** Move the current row by one. @param {1|-1} step */
export function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("is-current"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  current = next.dataset.row;
  mark();
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

/** Print the label of the current row. */
export function print() {
  const link = document.querySelector("[data-row].is-current [data-print]");
  link?.click();
  return Boolean(link);
}

function mark() {
  for (const row of rows()) row.classList.toggle("is-current", row.dataset.row === current && current !== "");
}

function refresh() {
  const all = boxes();
  const on = all.filter((box) => box.checked);
  for (const box of all) box.closest("[data-row]").classList.toggle("is-selected", box.checked);
  for (const head of document.querySelectorAll("[data-select-all]")) {
    head.checked = all.length > 0 && on.length === all.length;
    head.indeterminate = on.length > 0 && on.length < all.length;
  }
  const whole = everything();
  const number = form ? ticked.size : on.length;
  for (const bar of document.querySelectorAll("[data-bulk]")) bar.hidden = !whole && number === 0;
  for (const said of document.querySelectorAll("[data-selected]")) {
    said.textContent = whole ? whole.textContent : say("saySelected", number);
  }
  for (const more of document.querySelectorAll("[data-select-matching]")) {
    more.hidden = Boolean(whole) || on.length < all.length;
  }
  mark();
}

/** Take over what the boxes say. */
function remember() {
  if (form) {
    for (const box of boxes()) ticked[box.checked ? "add" : "delete"](box.value);
    sessionStorage.setItem(key, JSON.stringify([...ticked]));
  }
  refresh();
}

function tickAll(on) {
  for (const box of boxes()) box.checked = on;
}

/** No longer all that match: what is ticked counts again. */
function forgetMatching() {
  document.getElementById("all-matching")?.replaceChildren();
}

function clear() {
  forgetMatching();
  ticked.clear();
  tickAll(false);
  remember();
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-select-all]")) {
    forgetMatching();
    tickAll(box.checked);
  } else if (box.matches("[data-row] input[type=checkbox]")) {
    forgetMatching();
    last = box;
  } else return;
  remember();
});

// With Shift, everything from the last tick to this one.
document.addEventListener("click", (event) => {
  const box = event.target;
  if (event.target.closest("[data-select-none]")) return clear();
  if (!event.shiftKey || !last || !box.matches?.("[data-row] input[type=checkbox]")) return;
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from >= 0) for (const between of all.slice(from, to + 1)) between.checked = box.checked;
});

// What is ticked on other pages goes with the form; once something was done with it, it is no longer ticked.
form?.addEventListener("submit", ({ submitter }) => {
  for (const hidden of form.querySelectorAll("[data-elsewhere]")) hidden.remove();
  const here = new Set(boxes().map((box) => box.value));
  for (const cn of everything() ? [] : ticked) {
    if (here.has(cn)) continue;
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name: "cn", value: cn });
    hidden.dataset.elsewhere = "";
    form.append(hidden);
  }
  submitter?.closest("dialog")?.close();
  if (submitter?.formTarget !== "_blank" && !submitter?.hasAttribute("data-keeps")) sessionStorage.removeItem(key);
});

// Enter in a field of a question presses the button that it names.
document.addEventListener("keydown", (event) => {
  const button = event.key === "Enter" && !event.isComposing && event.target.closest?.("[data-enters]")?.dataset.enters;
  if (!button) return;
  event.preventDefault();
  document.querySelector(button)?.click();
});

function show() {
  for (const box of form ? boxes() : []) box.checked = ticked.has(box.value);
  refresh();
}

document.addEventListener("htmx:after:settle", ({ target }) => {
  if (target.id === "all-matching" && everything()) tickAll(true);
  refresh();
});
addEventListener("pageshow", show);
// The row whose detail stands beside the list is in sight, however long the list.
document.querySelector("[data-row][aria-current=true]")?.scrollIntoView({ block: "nearest" });
