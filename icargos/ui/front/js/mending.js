// Mending a sheet by keyboard: Enter saves the cell (or takes its suggestion) and goes to the next wrong one, Shift+Enter
// mends every cell that is wrong alike, a column pasted from Excel spreads down, Ctrl/Cmd+Z takes the last change back.
// Without script each row has its own Save button. The server decides what was changed.
const cells = () => [...document.querySelectorAll("#import [data-cell]")];
const changed = (cell) => (cell.tagName === "SELECT"
  ? ![...cell.options].find((option) => option.defaultSelected)?.selected : cell.value !== cell.defaultValue);
// Where the focus goes when the answer is in: the first cell that was not there before, the cell of this id, or this place.
let wanted = null;

function goOn(cell) {
  const all = cells();
  const at = all.indexOf(cell);
  wanted = { id: all[at + 1]?.id, at };
}

function focus(cell) {
  cell.focus();
  cell.select?.();
}

/** Send the cell's row. @param {"save"|"take"|"alike"} how */
function send(cell, how) {
  const row = cell.closest(".fix-row");
  const key = cell.name.slice(2);
  const button = how === "save" ? row.querySelector("[data-save]") : row.querySelector(`[name=${how}][value="${key}"]`);
  if (!button) return false;
  goOn(cell);
  cell.form.requestSubmit(button);
  return true;
}

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  if (!cell || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !changed(cell)) {
    event.preventDefault();
    wanted = { id: cell.id, at: cells().indexOf(cell), before: new Set(cells().map((one) => one.id)) };
    document.querySelector("[data-undo-fix]")?.click();
    return;
  }
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (event.shiftKey && send(cell, "alike")) return;
  if (changed(cell) ? send(cell, "save") : send(cell, "take")) return;
  const next = cells()[cells().indexOf(cell) + 1];
  if (next) focus(next);
});

// The row that has the focus shows its suggestion; one whose text was changed is saved when it is left.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".fix-row");
  if (!row) return;
  for (const one of document.querySelectorAll(".fix-row.is-current")) one.classList.toggle("is-current", one === row);
  row.classList.add("is-current");
});
document.addEventListener("focusout", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  if (!cell || wanted || !changed(cell) || cell.form?.dataset.sent) return;
  const to = event.relatedTarget;
  if (to?.closest(".fix-row") === cell.closest(".fix-row")) return;
  send(cell, "save");
  wanted = to?.id ? { id: to.id, at: -1 } : null;
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("select[data-cell]")) send(event.target, "save");
});

document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.("[data-cell]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const form = document.getElementById("paste");
  if (!cell || !form || !text.trimEnd().includes("\n")) return;
  event.preventDefault();
  const [row, key] = [cell.form.elements.row.value, cell.name.slice(2)];
  form.elements.row.value = row;
  form.elements.key.value = key;
  form.elements.text.value = text;
  wanted = { id: cell.id, at: cells().indexOf(cell) };
  form.requestSubmit();
});

// Toasts and counters settle by events of their own, some of them before the sheet does.
document.addEventListener("htmx:after:settle", (event) => {
  if (!wanted || event.target.id !== "import") return;
  const all = cells();
  const back = wanted.before && all.find((one) => !wanted.before.has(one.id));
  const next = back ?? document.getElementById(wanted.id) ?? all[Math.min(Math.max(wanted.at, 0), all.length - 1)];
  wanted = null;
  if (next) focus(next);
});
