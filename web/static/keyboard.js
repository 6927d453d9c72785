// Keys of the desk: move in the rundown, open, add, undo, search.
import { $, $$ } from "./page.js";

const drawer = $("#drawer");
function rows() {
  return $$("tr[data-row]");
}
function step(by) {
  const all = rows(),
    here = all.indexOf(document.activeElement.closest("tr[data-row]"));
  const next =
    all[
      here < 0
        ? Math.max(
            0,
            all.findIndex((r) => !r.classList.contains("past")),
          )
        : here + by
    ];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}
const keys = {
  "?": () => $("#keys").showModal(),
  "/": () => {
    const search = $("[data-search]");
    if (search) search.focus();
  },
  u: () => {
    const undo = $("[data-undo]");
    if (undo) undo.click();
  },
  n: () => {
    const add = $("[data-add]");
    if (add) add.click();
  },
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  j: () => step(1),
  k: () => step(-1),
  Enter: () => {
    const row = document.activeElement.closest("tr[data-row]");
    if (row && row === document.activeElement) row.click();
  },
};
function obey(event) {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.target.closest("input, textarea, select, dialog, [contenteditable]")
  )
    return;
  if (
    event.key.startsWith("Arrow") &&
    (!rows().length || (drawer && drawer.contains(event.target)))
  )
    return;
  const act = keys[event.key];
  if (!act || (event.key === "Enter" && !event.target.matches("tr[data-row]"))) return;
  event.preventDefault();
  act();
}
document.removeEventListener("keydown", window.keepEarlyKey);
document.addEventListener("keydown", obey);
window.earlyKeys.splice(0).forEach(obey);

const here = $("[data-here]");
if (here && here.getBoundingClientRect().top > window.innerHeight * 0.8)
  here.scrollIntoView({ block: "center" });
