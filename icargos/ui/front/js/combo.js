// A field with suggestions under it: the server fills the list while the person types, arrows choose, Enter takes over.
// The chosen one is shown in grey in the fields it would fill, and priced, before it is taken.
import { enter, next } from "./flow.js";

const box = (element) => element.closest?.("[data-combo]");
const list = (combo) => combo.querySelector("[role=listbox]");
const options = (combo) => [...list(combo).querySelectorAll("[role=option]")];
const chosen = (combo) => list(combo).querySelector("[aria-selected=true]");

/** What an option fills in: field name to text. @param {HTMLElement} option @returns {[string, string][]} */
function fills(option) {
  return [...option.attributes]
    .filter(({ name }) => name.startsWith("data-fill-"))
    .map(({ name, value }) => [name.slice("data-fill-".length), value]);
}

/** Show in grey what the option would fill in; none takes it away. */
function peek(form, option) {
  for (const field of form.querySelectorAll("[data-was-placeholder]")) {
    field.placeholder = field.dataset.wasPlaceholder;
    delete field.dataset.wasPlaceholder;
    field.parentElement.classList.remove("is-peeked");
  }
  const city = form.elements.peek_city;
  const before = city?.value;
  if (city) city.value = option?.getAttribute("data-fill-destination_city") ?? "";
  for (const [name, value] of option ? fills(option) : []) {
    const field = form.elements[name];
    if (!field || field.value || !value) continue;
    field.dataset.wasPlaceholder = field.placeholder;
    field.placeholder = value;
    field.parentElement.classList.add("is-peeked");
  }
  if (city && city.value !== before) form.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(combo, option) {
  const input = combo.querySelector("[role=combobox]");
  for (const one of options(combo)) one.setAttribute("aria-selected", String(one === option));
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
  peek(input.form, option);
}

function close(combo) {
  const input = combo.querySelector("[role=combobox]");
  if (list(combo).hidden) return;
  choose(combo, null);
  list(combo).hidden = true;
  input.setAttribute("aria-expanded", "false");
}

function take(combo, option) {
  const input = combo.querySelector("[role=combobox]");
  const { form } = input;
  const values = fills(option);
  close(combo);
  combo.dataset.taken = "1";
  for (const [name, value] of values) {
    const field = form.elements[name];
    if (field && !field.disabled) field.value = value;
  }
  list(combo).replaceChildren();
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const step = next(input);
  if (step) enter(step);
}

document.addEventListener("htmx:after:settle", () => {
  for (const combo of document.querySelectorAll("[data-combo]")) {
    const input = combo.querySelector("[role=combobox]");
    const found = options(combo);
    if (!found.length || document.activeElement !== input || combo.dataset.taken) {
      close(combo);
    } else if (list(combo).hidden) {
      list(combo).hidden = false;
      input.setAttribute("aria-expanded", "true");
    }
    if (found.length && !chosen(combo) && !list(combo).hidden) choose(combo, found[0]);
  }
});

document.addEventListener("keydown", (event) => {
  const combo = event.target.getAttribute?.("role") === "combobox" && box(event.target);
  if (!combo || event.isComposing) return;
  // Refused for this text, be it that its answer is still on the way.
  if (event.key === "Escape") combo.dataset.taken = "1";
  if (list(combo).hidden) return;
  const all = options(combo);
  const at = all.indexOf(chosen(combo));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(combo, all[(at + step + all.length) % all.length]);
  } else if (event.key === "Enter" && at >= 0 && !event.ctrlKey && !event.metaKey) {
    take(combo, all[at]);
  } else if (event.key === "Escape") {
    close(combo);
  } else {
    return;
  }
  event.preventDefault();
}, true);

// The press would take the focus away, and the list with it, before the click is one.
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.("[data-combo] [role=option]")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-combo] [role=option]");
  if (option) take(box(option), option);
});
document.addEventListener("input", (event) => {
  const combo = event.target.getAttribute?.("role") === "combobox" && box(event.target);
  if (combo) delete combo.dataset.taken;
});
document.addEventListener("focusout", (event) => {
  const combo = event.target.getAttribute?.("role") === "combobox" && box(event.target);
  if (combo) close(combo);
});
