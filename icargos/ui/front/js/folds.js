// Panels that a summary opens: a click elsewhere or Escape closes them, and one at a time is open.
const opened = () => document.querySelectorAll("details.fold[open]");

document.addEventListener("click", (event) => {
  for (const fold of opened()) if (!fold.contains(event.target)) fold.open = false;
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const fold of opened()) {
    fold.open = false;
    fold.querySelector("summary").focus();
  }
});
