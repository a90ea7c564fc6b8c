// A keyboard-wedge scanner: it types a number and Enter, faster than a page can answer. Every scan is sent by itself and
// in order, with an id made here, so that one that was lost on its way is sent again and still counts once. The field
// has the focus whatever was clicked; good and bad are heard as well as seen.
import htmx from "htmx.org";
import { freshId } from "./ids.js";
import { keep } from "./store.js";

const RETRY_MS = 3000;
const field = document.querySelector("[data-scan]");
const trouble = document.getElementById("scan-trouble");
const waiting = [];
let sending = false;

/* --- sound: two oscillators, no file --- */
let audio;
const quiet = () => document.cookie.includes("sound=off");

/** @param {"good"|"again"|"stop"} tone */
function beep(tone) {
  if (quiet()) return;
  audio ??= new AudioContext();
  // Good is one high note, twice is two, stop is low and long: told apart without looking.
  const notes = { good: [[1320, 0, 0.09]], again: [[990, 0, 0.07], [990, 0.12, 0.07]], stop: [[196, 0, 0.28], [147, 0.3, 0.4]] };
  for (const [pitch, after, seconds] of notes[tone] ?? []) {
    const note = audio.createOscillator();
    const loud = audio.createGain();
    note.type = tone === "stop" ? "square" : "sine";
    note.frequency.value = pitch;
    loud.gain.value = 0.2;
    note.connect(loud).connect(audio.destination);
    note.start(audio.currentTime + after);
    note.stop(audio.currentTime + after + seconds);
  }
}

function showSound() {
  for (const button of document.querySelectorAll("[data-sound-switch]")) {
    button.setAttribute("aria-pressed", String(!quiet()));
    button.querySelector("[data-when-on]").hidden = quiet();
    button.querySelector("[data-when-off]").hidden = !quiet();
  }
}

/* --- sending --- */
/** Take over the parts of the answer that the page has too, by their ids. @param {Document} answer */
function take(answer) {
  for (const part of answer.body.querySelectorAll(":scope > [id]")) {
    const old = document.getElementById(part.id);
    if (!old) continue;
    old.replaceWith(part);
    htmx.process(part);
  }
  const tone = document.getElementById("verdict")?.dataset.sound;
  if (tone) beep(tone);
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const { address, body } = waiting[0];
    try {
      const headers = { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf };
      const answer = await fetch(address, { method: "POST", body, headers });
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (answer.status === 401 || answer.redirected) return location.reload();
      waiting.shift();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      trouble.textContent = answer.ok ? "" : page.body.textContent.trim();
      if (answer.ok) take(page);
      else beep("stop");
    } catch {
      trouble.textContent = trouble.dataset.sayWaits.replace("{n}", String(waiting.length));
      beep("stop");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  sending = false;
}

/** @param {HTMLFormElement} form */
function queue(form) {
  form.elements.event.value = freshId();
  if (form.elements.device_at) form.elements.device_at.value = new Date().toISOString();
  waiting.push({ address: form.action, body: new URLSearchParams(new FormData(form)) });
  form.reset();
  send();
}

if (field) {
  const scale = field.form.querySelector("[data-scale]");
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (document.activeElement === scale) return field.focus();
    if (field.value.trim()) queue(field.form);
    field.focus();
  }, true);
  for (const form of document.querySelectorAll("[data-scanner-many]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      queue(form);
      field.focus();
    }, true);
  }
  // What a scanner types while nothing has the focus belongs in the field; what a person types elsewhere does not.
  addEventListener("keydown", (event) => {
    const elsewhere = event.target.closest?.("input, textarea, select, dialog, button, summary, a");
    if (elsewhere || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
    field.focus();
  }, true);
  addEventListener("focus", () => { if (document.activeElement === document.body) field.focus(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sound-switch]");
    if (button) {
      keep("sound", quiet() ? "on" : "off");
      showSound();
      beep("good");
    }
    if (button || !event.target.closest("input, textarea, select, summary, a, button, dialog")) field.focus({ preventScroll: true });
  });
  addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
  showSound();
  field.focus();
}
