// The rider's report: which steps are left, where the phone is, what its clock says, which calls were tapped. Nothing is
// decided here; the server asks for the same proof again.
import { freshId } from "./ids.js";

for (const input of document.querySelectorAll("[data-fresh-id]")) input.value = freshId();

const form = document.querySelector("[data-report]");
const NO_PLACE_MS = 8000;

/* --- calls: when one was tapped, and how long the page was away --- */
const kept = (stop) => JSON.parse(sessionStorage.getItem(`calls-${stop}`) ?? "[]");

document.addEventListener("click", (event) => {
  const stop = event.target.closest("[data-call]")?.dataset.call;
  if (!stop) return;
  const at = new Date();
  const calls = [...kept(stop), { at: at.toISOString(), away: 0 }];
  const store = () => { sessionStorage.setItem(`calls-${stop}`, JSON.stringify(calls)); listCalls(); };
  store();
  const back = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", back);
    calls.at(-1).away = Math.round((Date.now() - at) / 1000);
    store();
  };
  document.addEventListener("visibilitychange", back);
});

function listCalls() {
  const list = document.querySelector("[data-calls]");
  if (!list) return;
  const calls = kept(list.dataset.calls);
  list.replaceChildren(...calls.map(({ at, away }) => {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "call";
    input.value = `${at}|${away}`;
    return input;
  }));
  const said = document.querySelector("[data-calls-said]");
  if (said && calls.length) said.textContent = said.dataset.sayCalls.replace("{n}", String(calls.length));
  tell();
}

/* --- steps --- */
/** @param {HTMLInputElement} input */
function filled(input) {
  if (input.type === "radio") return Boolean(form.querySelector(`[name="${input.name}"]:checked`));
  if (input.type === "file") return input.files.length > 0;
  return Boolean(input.value.trim()) && input.checkValidity();
}

function evidenced() {
  const reason = form.querySelector("[name=reason]:checked");
  if (!reason || !reason.hasAttribute("data-asks")) return true;
  const enough = Number(reason.dataset.enoughCalls);
  const calls = form.querySelectorAll("[name=call]").length;
  return form.querySelector("[data-photo-kept]").files.length > 0 || (enough > 0 && calls >= enough);
}

/** @param {Element} step @returns {"done"|"left"|"free"} */
function stateOf(step) {
  if (step.hasAttribute("data-step-evidence")) {
    if (!evidenced()) return "left";
    return form.querySelector("[data-photo-kept]").files.length || form.querySelector("[name=call]") ? "done" : "free";
  }
  const either = [...step.querySelectorAll("[data-either]")];
  if (either.length) return either.some(filled) ? "done" : "left";
  const must = [...step.querySelectorAll("[data-must]")];
  if (must.length) return must.every(filled) ? "done" : "left";
  return [...step.querySelectorAll("input:not([type=hidden]):not([data-photo-take]), textarea")].some(filled) ? "done" : "free";
}

function tell() {
  if (!form) return;
  const steps = [...form.querySelectorAll("[data-step]")];
  const left = steps.filter((step) => stateOf(step) === "left");
  steps.forEach((step, place) => {
    const done = stateOf(step) === "done";
    step.classList.toggle("is-done", done);
    step.classList.toggle("is-now", step === left[0]);
    step.querySelector("i").textContent = done ? "✓" : String(place + 1);
  });
  const button = document.querySelector("[data-steps-send]");
  const words = left.length > 1 ? button.dataset.sayLeft : left.length ? button.dataset.sayLast : button.dataset.sayReady;
  const said = words.replace("{n}", String(left.length)).replace("{name}", left[0]?.dataset.name ?? "");
  button.querySelector("[data-steps-said]").textContent = said;
}

/** @param {Element} step */
function goTo(step) {
  step.scrollIntoView({ block: "center" });
  const control = step.querySelector("input:not([type=hidden]):not([hidden]), select, textarea, canvas");
  control?.focus({ preventScroll: true });
}

/* --- the phone's position --- */
function seek() {
  const said = form.querySelector("[data-place-said]");
  if (!said) return;
  const without = form.querySelector("[data-no-place]");
  const flag = form.querySelector("[data-place-flag]");
  const refused = () => {
    if (flag.value) return;
    said.textContent = said.dataset.sayRefused;
    without.hidden = false;
  };
  if (!navigator.geolocation) return refused();
  setTimeout(refused, NO_PLACE_MS);
  navigator.geolocation.watchPosition(({ coords }) => {
    form.elements.lat.value = coords.latitude.toFixed(6);
    form.elements.lng.value = coords.longitude.toFixed(6);
    form.elements.accuracy_m.value = coords.accuracy.toFixed(1);
    flag.value = "yes";
    without.hidden = true;
    said.textContent = said.dataset.sayFound.replace("{n}", String(Math.round(coords.accuracy)));
    tell();
  }, refused, { enableHighAccuracy: true, maximumAge: 10_000, timeout: NO_PLACE_MS });
}

if (form) {
  form.addEventListener("input", tell);
  form.addEventListener("change", (event) => {
    const { fills, fill } = event.target.dataset;
    const name = fills && document.querySelector(fills);
    if (name && !name.value) name.value = fill;
    if (event.target.name === "reason") {
      const shows = event.target.dataset.shows;
      for (const part of form.querySelectorAll("#later")) part.hidden = shows !== "#later";
    }
    tell();
  });
  document.querySelector("[data-steps-send]").addEventListener("click", (event) => {
    const first = [...form.querySelectorAll("[data-step]")].find((step) => stateOf(step) === "left");
    if (first) {
      event.preventDefault();
      goTo(first);
      return;
    }
    const now = new Date().toISOString();
    // The moment of the first tap is when it happened; a second sending of the same report keeps it.
    form.elements.device_at.value ||= now;
    form.elements.sent_at.value = now;
  });
  document.addEventListener("htmx:after:swap", () => form.querySelector("[data-problems]")?.focus());
  seek();
  listCalls();
  tell();
}

/* --- no signal --- */
function showSignal() {
  for (const bar of document.querySelectorAll("[data-offline]")) bar.hidden = navigator.onLine;
}
addEventListener("online", showSignal);
addEventListener("offline", showSignal);
showSignal();
