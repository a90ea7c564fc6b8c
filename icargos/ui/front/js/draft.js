// A half-filled form survives a reload and a walk through other pages, in this tab alone: it holds a consignee's phone
// and address, so nothing of it outlives the tab, the person who typed it, or the booking it became.

const PREFIX = "draft:";
const form = document.querySelector("form[data-draft]");

const forget = () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
};

// Whoever signs in next in this browser finds nothing, in whichever of its tabs.
const channel = new BroadcastChannel("icargos-drafts");
channel.onmessage = forget;
document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-forget")) return;
  forget();
  channel.postMessage("out");
});
const { user } = document.body.dataset;
for (const key of Object.keys(sessionStorage)) {
  if (user && key.startsWith(PREFIX) && key !== PREFIX + user) sessionStorage.removeItem(key);
}

/** The key of the form that became a booking last, told by a cookie once: what was kept under it has served. */
function lastBooked() {
  const told = document.cookie.match(/(?:^|; )booked="?([^;"]*)/)?.[1];
  if (told) {
    document.cookie = "booked=; path=/; max-age=0; samesite=lax";
    sessionStorage.booked = told;
  }
  return sessionStorage.booked ?? "";
}
const booked = lastBooked();
for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith(PREFIX) && JSON.parse(sessionStorage[key]).once === booked) sessionStorage.removeItem(key);
}

if (form) {
  const key = PREFIX + form.dataset.draft;
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "submit", "file"].includes(field.type));
  const ticked = (field) => ["checkbox", "radio"].includes(field.type);
  const value = (field) => (ticked(field) ? field.checked : field.value);
  const before = fields.map(value);
  const { once } = form.elements;
  const here = location.pathname + location.search;
  let due = 0;

  const keep = () => {
    clearTimeout(due);
    if (lastBooked() === once.value || fields.every((field, at) => value(field) === before[at])) return;
    const values = fields.map((field) => [field.name, ticked(field) ? field.value : null, value(field)]);
    sessionStorage[key] = JSON.stringify({ here, once: once.value, values });
  };
  const later = () => {
    clearTimeout(due);
    due = setTimeout(keep, 200);
  };

  /** @param {{once: string, values: [string, string | null, string | boolean][]}} draft */
  const restore = (draft) => {
    for (const [name, own, what] of draft.values) {
      for (const field of fields) {
        if (field.name !== name || (own !== null && field.value !== own)) continue;
        if (ticked(field)) field.checked = what;
        else field.value = what;
        if (what && field.closest("details") && !ticked(field)) field.closest("details").open = true;
      }
    }
    // The same key again: should it be booked already after all, nothing is booked twice.
    once.value = draft.once;
    document.querySelector("[data-draft-note]").hidden = false;
    // htmx listens only after this module has run.
    setTimeout(() => form.dispatchEvent(new Event("change", { bubbles: true })));
  };

  // What the server filled in is not overwritten, unless this very page was left half-way.
  const draft = key in sessionStorage ? JSON.parse(sessionStorage[key]) : null;
  if (draft && (!form.hasAttribute("data-filled") || draft.here === here)) restore(draft);
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", keep);
  document.querySelector("[data-draft-drop]").addEventListener("click", () => {
    clearTimeout(due);
    removeEventListener("pagehide", keep);
    sessionStorage.removeItem(key);
    location.assign(location.pathname);
  });
}
