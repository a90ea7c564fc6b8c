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
for (const toast of document.querySelectorAll("[data-fades]")) schedule(toast);
for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, (event) => {
    const status = event.detail.ctx?.response?.status;
    // A refusal in the form itself (422) and what the live refresh could not fetch are not worth a notice.
    if (status === 422 || event.target.matches?.("[data-live]")) return;
    complain(say("sayFailed"));
  });
}
