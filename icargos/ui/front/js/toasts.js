// Notices: a good one fades after 8 s unless it is being read; an error stays until closed.
import { say } from "./store.js";

const LIFE_MS = 8000;

/** @param {Element} toast */
function schedule(toast) {
  let timer = setTimeout(() => toast.remove(), LIFE_MS);
  const hold = () => clearTimeout(timer);
  const release = () => { timer = setTimeout(() => toast.remove(), LIFE_MS / 2); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

/** Say that something failed. @param {string} text */
export function complain(text) {
  const template = document.getElementById("toast-failed");
  const stack = document.getElementById("toasts");
  if (!template || !stack || stack.textContent.includes(text)) return;
  const toast = template.content.cloneNode(true);
  toast.querySelector("span").textContent = text;
  stack.append(toast);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-close-toast]")?.closest(".toast").remove();
});

function fade() {
  for (const toast of document.querySelectorAll("[data-fades]")) {
    toast.removeAttribute("data-fades");
    schedule(toast);
  }
}
fade();
document.addEventListener("htmx:after:settle", fade);
for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, (event) => {
    const { response, text } = event.detail.ctx ?? {};
    // Shown in place (409, 422), gone to sign in (401), or only a live refresh: not worth a notice.
    if ([401, 409, 422].includes(response?.status) || event.target.matches?.("[data-live]")) return;
    const refusal = new DOMParser().parseFromString(text ?? "", "text/html").querySelector("[data-refusal]");
    complain(refusal?.textContent.trim() || say("sayFailed"));
  });
}
