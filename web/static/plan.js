// The page that plans meetings: rows for days that differ, added and filled by mouse or keyboard.
import { $, $$ } from "./page.js";

const day = (row) => $("[name=differ-day]", row);

function show(row) {
  const what = $("[name=differ-what]", row).value;
  $$("[data-differ-for]", row).forEach((part) => {
    part.hidden = !part.dataset.differFor.split(" ").includes(what);
  });
}

function another() {
  const all = $$("[data-differ]"),
    last = all[all.length - 1],
    row = last.cloneNode(true);
  const number = all.length + 1;
  $$("[id]", row).forEach((field) => {
    field.id = field.id.replace(/\d+$/, number);
  });
  $$("[for]", row).forEach((label) => {
    label.htmlFor = label.htmlFor.replace(/\d+$/, number);
  });
  $$("input", row).forEach((field) => {
    field.value = "";
  });
  $("select", row).value = "add";
  last.after(row);
  show(row);
  return row;
}

// Turn a date of the list into a row of its own: no meeting that day, unless staff choose otherwise.
function differ(on) {
  const row =
    $$("[data-differ]").find((one) => day(one).value === on) ||
    $$("[data-differ]").find((one) => !day(one).value) ||
    another();
  const what = $("[name=differ-what]", row);
  if (day(row).value !== on) what.value = "skip";
  day(row).value = on;
  show(row);
  what.focus();
  what.scrollIntoView({ block: "center" });
  what.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-differ-more]")) $("select", another()).focus();
  const one = event.target.closest("[data-differ-on]");
  if (one) differ(one.dataset.differOn);
});
document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-differ]");
  if (row) show(row);
});
