// What a person opened in a live part stays open: while the part renews itself, and when they come back to the page in
// the same tab. It is known again by its id.
import htmx from "htmx.org";

const key = (part) => `open:${location.pathname}#${part.id}`;

htmx.registerExtension("details", {
  // The server does not know what is open, so a morph has no say in it.
  htmx_before_morph_attr: (part, { attrName }) => attrName !== "open" || part.tagName !== "DETAILS",
});

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches("[data-live] details[id]")) return;
  if (target.open) sessionStorage.setItem(key(target), "yes");
  else sessionStorage.removeItem(key(target));
}, true);

for (const part of document.querySelectorAll("[data-live] details[id]")) {
  if (sessionStorage.getItem(key(part))) part.open = true;
}
