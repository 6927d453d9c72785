// What the scripts of all pages share: looking up elements, the time of the server, a word to the reader.
export const $ = (selector, from) => (from || document).querySelector(selector);
export const $$ = (selector, from) => Array.from((from || document).querySelectorAll(selector));
export const token = ($("meta[name=csrf-token]") || {}).content || "";

// The page carries the server's time once; the browser counts from there.
const skew = Number(document.body.dataset.now || Date.now()) - Date.now();
export const now = () => Date.now() + skew;

// Text that has not changed is not written again: a screen reader would read it out.
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function say(text) {
  const box = $("#says");
  if (!box) return;
  const note = document.createElement("div");
  note.className = "note note-person";
  note.textContent = text;
  box.replaceChildren(note);
}
