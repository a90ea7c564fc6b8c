// A form is sent once: the second submit is swallowed until the first one is answered. The server guards too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // A scanner's form is sent again and again, each time with an id of its own.
  if (form.method !== "post" || (event.submitter?.formTarget || form.target) === "_blank" || event.submitter?.hasAttribute("data-keeps") || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "1";
  event.submitter?.classList.add("is-busy");
}, true);

function free(root) {
  for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of root.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
}
addEventListener("pageshow", () => free(document));
document.addEventListener("htmx:finally:request", () => free(document));

document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (!eye) return;
  const input = eye.parentElement.querySelector("input");
  input.type = input.type === "password" ? "text" : "password";
  eye.setAttribute("aria-pressed", String(input.type === "text"));
});

// A select or tick marked data-submits sends its form at once; without script the form has a button.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// Ctrl/Cmd-Enter anywhere in a form presses its main button.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const main = event.target.form?.querySelector("[data-send]");
  if (!main) return;
  event.preventDefault();
  main.form.requestSubmit(main);
});

// A file dropped anywhere on the zone is the file of its input.
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", type === "dragover");
    const input = zone.querySelector("input[type=file]");
    if (type !== "drop" || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
