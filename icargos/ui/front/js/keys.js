// Single keys: silent while typing, and off altogether when the person says so in the list of keys.
import { move, pick, print } from "./list.js";
import { open } from "./palette.js";
import { keep } from "./store.js";

let going = 0;

/** @param {EventTarget} target */
function typing(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open], [popover]");
}

/** @param {string} attribute @param {string} key */
function press(attribute, key) {
  const target = document.querySelector(`[${attribute}="${CSS.escape(key)}"]:not([hidden] *)`);
  target?.click();
  return Boolean(target);
}

function act(key) {
  if (Date.now() - going < 1200) {
    going = 0;
    return press("data-goto", key);
  }
  switch (key) {
    case "g": going = Date.now(); return true;
    case "/": return focus();
    case "?": open("keys"); return true;
    case "j": return move(1);
    case "k": return move(-1);
    case "x": return pick();
    // What is ticked; with nothing ticked, the row one is on.
    case "p": return press("data-key", "p") || print();
    default: return press("data-key", key);
  }
}

function focus() {
  const filter = document.querySelector("[data-filter]");
  filter?.focus();
  filter?.select?.();
  return Boolean(filter);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.body.dataset.keys === "off" || typing(event.target)) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-switch]")) return;
  document.body.dataset.keys = event.target.checked ? "on" : "off";
  keep("keys", document.body.dataset.keys);
});

// Alt and a letter, where a button says so: an accesskey would be another combination in every browser.
addEventListener("keydown", (event) => {
  const letter = event.code.match(/^Key([A-Z])$/)?.[1].toLowerCase();
  if (!letter || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const target = document.querySelector(`[data-alt="${letter}"]`);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.click();
});
