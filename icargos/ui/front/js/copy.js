// A button marked data-copy puts the text of the element it names on the clipboard, and says so for a moment.
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    // Without HTTPS there is no clipboard: the text is selected, so that the keyboard can copy it.
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
  return true;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !(await copy(document.getElementById(button.dataset.copy)))) return;
  const said = button.querySelector("[data-copy-word]") ?? button;
  const before = said.textContent;
  if (before === button.dataset.copied) return;
  said.textContent = button.dataset.copied;
  setTimeout(() => (said.textContent = before), 1600);
});
