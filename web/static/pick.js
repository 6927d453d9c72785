// A choice among more files than a form can list: a search above the choices that asks the server.
// It stands on `<select data-pick=URL>` and on a list of checkboxes `<div data-pick=URL data-picks=…>`.
import { $, $$ } from "./page.js";
import { giveLength } from "./typed.js";

const WAIT = 250; // milliseconds after the last key

function searchOf(place) {
  const search = document.createElement("input");
  search.type = "search";
  search.className = "form-control mb-2";
  search.placeholder = "Search the library";
  search.autocomplete = "off";
  search.maxLength = 200;
  const label = place.labels && place.labels[0] && place.labels[0].textContent.trim();
  search.setAttribute("aria-label", `Search the library: ${label || place.dataset.pickLabel}`);
  return search;
}
function refill(select, found) {
  $$("option", select).forEach((one) => {
    if (one.value && !one.selected) one.remove();
  });
  const kept = new Set($$("option", select).map((one) => one.value));
  found
    .filter((one) => !kept.has(one.value))
    .forEach((one) => {
      const option = new Option(one.words, one.value);
      if (one.length) giveLength(option, one.length);
      select.add(option);
    });
}
function relist(list, found) {
  $$(".form-check", list).forEach((line) => {
    if (!$("input", line).checked) line.remove();
  });
  const kept = new Set($$("input", list).map((one) => one.value));
  found
    .filter((one) => !kept.has(one.value))
    .forEach((one) => {
      const line = document.createElement("div"),
        box = document.createElement("input"),
        label = document.createElement("label");
      line.className = "form-check";
      Object.assign(box, { type: "checkbox", name: list.dataset.picks, value: one.value });
      box.id = label.htmlFor = `${list.dataset.picks}-${one.value}`;
      box.className = "form-check-input";
      label.className = "form-check-label";
      label.textContent = one.words;
      line.append(box, " ", label);
      list.append(line);
    });
}
function equip(place) {
  if (place.picking) return;
  place.picking = true;
  const search = searchOf(place);
  let timer = 0,
    asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const answer = await fetch(`${place.dataset.pick}?q=${encodeURIComponent(search.value)}`);
    if (!answer.ok || mine !== asked) return;
    const found = await answer.json();
    (place.matches("select") ? refill : relist)(place, found);
  };
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // What is typed here is no change of the form.
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => {}), WAIT);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  place.before(search);
}
const equipAll = () => $$("[data-pick]").forEach(equip);
document.addEventListener("htmx:afterSettle", equipAll);
equipAll();
