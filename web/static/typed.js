// Times and lengths while they are typed: show beside the field what the server understands, so that "8:00" as a
// length surprises no one. A chosen file fills in its length, unless one was typed.
import { $, $$ } from "./page.js";

const waiting = new WeakMap();
const beside = (field) => $(`[data-understood="${CSS.escape(field.id)}"]`);

async function read(field, done) {
  const box = beside(field),
    text = field.value.trim();
  if (!box) return;
  if (!text) {
    box.textContent = "";
    return;
  }
  const answer = await fetch(`/typed/${field.dataset.read}?${new URLSearchParams({ text })}`).catch(
    () => null,
  );
  if (!answer || !answer.ok || field.value.trim() !== text) return;
  const { said, fine } = await answer.json();
  // A half-typed word is no mistake yet: report mistakes once the field loses the focus.
  box.textContent = fine ? (said === text ? "" : `= ${said}`) : done ? said : "";
  box.classList.toggle("wrong", !fine && done);
}
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-read]");
  if (!field) return;
  clearTimeout(waiting.get(field));
  waiting.set(
    field,
    setTimeout(() => read(field, false), 200),
  );
});
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-read]");
  if (field) {
    clearTimeout(waiting.get(field));
    read(field, true);
    return;
  }
  fill(event.target);
});

// Lets a choice of a file bring its length into the field beside it.
export function giveLength(option, length) {
  option.dataset.length = length;
}
function fill(select) {
  const form = select.form,
    length = form && form.elements.length && $("[data-read=length][name=length]", form);
  if (!length || !/^(asset|program)$/.test(select.name)) return;
  const chosen = ["asset", "program"]
    .map((name) => form.elements[name])
    .filter(Boolean)
    .map((e) => e.selectedOptions[0])
    .find((option) => option && option.dataset.length);
  if (!chosen || (length.value.trim() && length.value !== length.dataset.filled)) return;
  length.value = length.dataset.filled = chosen.dataset.length;
  beside(length).textContent = "the length of the file";
  beside(length).classList.remove("wrong");
}
