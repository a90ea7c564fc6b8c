// The search box over the page: Ctrl/Cmd-K opens it, the arrows walk its results, Enter opens one.
const palette = document.getElementById("palette");

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open);
  // A click on the backdrop lands on the dialog itself.
  if (event.target instanceof HTMLDialogElement && event.target.matches(".palette")) event.target.close();
});

/** @param {string} id */
export function open(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  dialog.showModal();
  dialog.querySelector("input[role=combobox]")?.select();
}

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
    event.preventDefault();
    open("palette");
  }
});

if (palette) {
  const input = palette.querySelector("input");
  const options = () => [...palette.querySelectorAll("[role=option]")];

  const mark = (option) => {
    for (const other of options()) {
      other.classList.toggle("is-on", other === option);
      other.setAttribute("aria-selected", String(other === option));
    }
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.id = "palette-current";
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  palette.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.classList.contains("is-on"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      for (const option of all) option.removeAttribute("id");
      mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      (all[at] ?? all[0])?.click();
    }
  });
  palette.addEventListener("htmx:after:swap", () => mark(options()[0]));
}
