// Rows of events in the form of a bulletin: empty ones are folded away, rows are added and removed.
import { $, $$ } from "./page.js";

const rows = (list) => $$("[data-event]", list),
  fields = (row) => $$("input", row),
  empty = (row) => fields(row).every((field) => !field.value.trim());
function number(list) {
  rows(list).forEach((row, place) => {
    $("legend", row).textContent = `Event ${place + 1}`;
    $("[data-event-remove]", row).setAttribute("aria-label", `Remove event ${place + 1}`);
  });
  $("[data-event-more]", list).hidden = rows(list).every((row) => !row.hidden);
}
function fold(list) {
  if (list.dataset.eventRows === "folded") return;
  list.dataset.eventRows = "folded";
  // The first row stays, so that an empty list shows what it asks for.
  rows(list).forEach((row, place) => {
    row.hidden = place > 0 && empty(row);
    $("[data-event-remove]", row).hidden = false;
  });
  number(list);
}
function more(list) {
  const row = rows(list).find((one) => one.hidden);
  if (!row) return;
  row.hidden = false;
  number(list);
  fields(row)[0].focus();
}
function remove(row) {
  const list = row.closest("[data-event-rows]"),
    all = rows(list),
    next = all[all.indexOf(row) + 1];
  fields(row).forEach((field) => {
    field.value = "";
  });
  // Its fields stay in the form, empty and last, where the next event takes them.
  all[all.length - 1].after(row);
  row.hidden = rows(list).some((one) => !one.hidden && one !== row);
  number(list);
  row.dispatchEvent(new Event("change", { bubbles: true }));
  const button = next && !next.hidden ? next : $("[data-event-more]", list);
  (button.matches("button") ? button : fields(button)[0]).focus();
}
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-event-more]"),
    gone = event.target.closest("[data-event-remove]");
  if (add) more(add.closest("[data-event-rows]"));
  if (gone) remove(gone.closest("[data-event]"));
});
document.addEventListener("htmx:afterSettle", () => $$("[data-event-rows]").forEach(fold));
$$("[data-event-rows]").forEach(fold);
