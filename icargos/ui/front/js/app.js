// Entry of the front end. Every module attaches its own delegated listeners; no page needs a script of its own.
import htmx from "htmx.org";
import "./clock.js";
import "./combo.js";
import "./copy.js";
import "./details.js";
import "./draft.js";
import "./flow.js";
import "./folds.js";
import "./forms.js";
import "./keys.js";
import "./list.js";
import "./live.js";
import "./mending.js";
import "./menu.js";
import "./palette.js";
import "./pieces.js";
import "./rider.js";
import "./scan.js";
import "./signature.js";
import "./theme.js";
import "./toasts.js";

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method !== "GET") request.headers["X-CSRFToken"] = document.body.dataset.csrf;
});

for (const first of document.querySelectorAll("[data-focus]")) first.focus();

export { htmx };
