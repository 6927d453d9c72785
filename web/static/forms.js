// What forms do before they are sent: copy, submit on a change, filter a list, count letters, show what applies.
import { $, $$, put } from "./page.js";

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      put(copy, "Copied");
    });
  }
  if (event.target.closest("[data-keys]")) $("#keys").showModal();
  const close = event.target.closest("[data-close]");
  if (close) close.closest("dialog").close();
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-submit-on-change]");
  if (form) form.requestSubmit();
});
function sift(filter) {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = $$(filter.dataset.filter);
  all.forEach((e) => {
    e.hidden = !words.every((w) => e.textContent.toLowerCase().includes(w));
  });
  // A search that finds nothing says so: a blank page looks broken.
  $$("[data-nothing]").forEach((e) => {
    e.hidden = !all.length || all.some((one) => !one.hidden);
  });
}
document.addEventListener("input", (event) => {
  const filter = event.target.closest("[data-filter]");
  if (filter) sift(filter);
});
document.addEventListener("htmx:afterSettle", () => $$("[data-filter]").forEach(sift));
function count(field) {
  const told = document.getElementById(field.dataset.count);
  if (told) told.textContent = `${field.value.length} of ${field.maxLength} characters`;
}
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-count]")) count(event.target);
});
$$("[data-count]").forEach(count);
function show() {
  $$("[data-shown-when]").forEach((e) => {
    const [name, value] = e.dataset.shownWhen.split("=");
    const field = e.closest("form").elements[name];
    if (field) e.hidden = !value.split("|").includes(field.value);
  });
}
document.addEventListener("change", show);
document.addEventListener("htmx:afterSettle", show);
show();
