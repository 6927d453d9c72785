// Rows of names and crawls in the form of an airing: shown by kind, added and removed.
import { $, $$ } from "./page.js";

function show(row) {
  const kind = $("[name=graphic-kind]", row).value;
  $$("[data-graphic-for]", row).forEach((part) => {
    part.hidden = part.dataset.graphicFor !== kind;
  });
}
function clear(row) {
  $$("[name=graphic-at], [name=graphic-first], [name=graphic-second]", row).forEach((field) => {
    field.value = "";
  });
  $(".understood", row).textContent = "";
}
function another(button) {
  const rows = $$("[data-graphic]", button.parentElement),
    last = rows[rows.length - 1],
    row = last.cloneNode(true);
  const number = rows.length + 1;
  ["id", "for", "data-understood"].forEach((name) =>
    $$(`[${name}]`, row).forEach((part) =>
      part.setAttribute(name, part.getAttribute(name).replace(/\d+$/, number)),
    ),
  );
  $("legend", row).textContent = `Name or crawl ${number}`;
  clear(row);
  last.after(row);
  row.hidden = false;
  show(row);
  $("[name=graphic-first]", row).focus();
}
function remove(button) {
  const row = button.closest("[data-graphic]");
  // An emptied row is no graphic. It stays in the form, unseen, so that the form still says what there is.
  clear(row);
  row.hidden = true;
  row.dispatchEvent(new Event("change", { bubbles: true }));
  $("[data-graphic-more]", row.parentElement).focus();
}
document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-graphic-more]"),
    gone = event.target.closest("[data-graphic-remove]");
  if (more) another(more);
  if (gone) remove(gone);
});
document.addEventListener("change", (event) => {
  if (event.target.name === "graphic-kind") show(event.target.closest("[data-graphic]"));
});
