// A button marked data-copy puts the text of the element it names on the clipboard, one marked data-copy-link its own
// data-text, and says so for a moment.
async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS there is no clipboard: the text is selected, so that the keyboard can copy it.
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
  return true;
}

/** A text that stands nowhere on the page is put there while it is copied. @param {HTMLElement} button */
async function copyOwn(button) {
  const shown = document.createElement("span");
  shown.textContent = button.dataset.text;
  shown.className = "visually-hidden";
  button.after(shown);
  const done = await copy(shown.textContent, shown);
  shown.remove();
  return done;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-link]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  if (!(await (source ? copy(source.textContent, source) : copyOwn(button)))) return;
  const said = button.querySelector("[data-copy-word]") ?? button;
  const before = said.textContent;
  if (before === button.dataset.copied) return;
  said.textContent = button.dataset.copied;
  setTimeout(() => (said.textContent = before), 1600);
});
