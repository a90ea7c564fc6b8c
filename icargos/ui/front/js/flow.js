// A form that is filled in by keyboard: Enter goes on to the next field that is missing, and sends the form when none is.
// Fields with data-flow-step are the way; those that are required are asked for again at the end.

/** @param {HTMLInputElement} from @returns {HTMLInputElement | undefined} */
export function next(from) {
  const steps = [...from.form.querySelectorAll("[data-flow-step]:not(:disabled)")];
  const empty = steps.filter((step) => !step.value.trim());
  const after = empty.find((step) => from.compareDocumentPosition(step) & Node.DOCUMENT_POSITION_FOLLOWING);
  return after ?? empty.find((step) => step.required);
}

/** Put the cursor into a field, its text selected. @param {HTMLInputElement} field */
export function enter(field) {
  field.focus();
  field.select?.();
}

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.isComposing;
  // What has taken the key for itself, an open list of suggestions, has said so.
  if (event.key !== "Enter" || !plain || event.defaultPrevented) return;
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.form?.hasAttribute("data-flow")) return;
  if (["checkbox", "radio", "submit"].includes(field.type)) return;
  const step = next(field);
  if (!step) return;
  event.preventDefault();
  enter(step);
});

// Sides of a box: x, × or a space goes on to the next one, and "40x30x12" pasted into the first fills all three.
const sides = (field) => [...field.closest("[data-sides]").querySelectorAll("input")];

document.addEventListener("keydown", (event) => {
  if (!["x", "X", "×", "*", " "].includes(event.key) || !event.target.closest?.("[data-sides]")) return;
  event.preventDefault();
  const all = sides(event.target);
  const following = all[all.indexOf(event.target) + 1];
  if (event.target.value && following) enter(following);
});
document.addEventListener("input", (event) => {
  if (!event.target.closest?.("[data-sides]")) return;
  const parts = event.target.value.match(/\d+(?:\.\d+)?/g) ?? [];
  if (parts.length !== 3) return;
  sides(event.target).forEach((field, at) => { field.value = parts[at]; });
});
