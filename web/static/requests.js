// What htmx sends and swaps: the token, polled parts that leave the reader alone, refusals, presses.
import { $, $$, put, say, token } from "./page.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
  const rev = event.detail.target && $("[data-rev]", event.detail.target);
  if (rev && event.detail.verb === "get") event.detail.headers["X-Gavel-Rev"] = rev.dataset.rev;
});
// A polled part never changes under a dialog, under a finger or while something is half typed in it, not even by an
// answer that was asked for before. What is unfolded in it stays so; an id gives the focus back.
const polled = (part) => /every/.test(part.getAttribute("hx-trigger") || "");
const typed = (field) => field === document.activeElement || field.value !== field.defaultValue;
const used = (part) =>
  $("dialog[open]") || part.matches(":active") || $$("input, textarea", part).some(typed);
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (
    polled(part) &&
    !event.detail.requestConfig.triggeringEvent &&
    (document.hidden || used(part))
  )
    event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!polled(part)) return;
  if (event.detail.requestConfig.elt === part && used(part)) event.detail.shouldSwap = false;
  part.unfolded = $$("details[open][id]", part);
});
document.addEventListener("htmx:afterSettle", (event) => {
  (event.detail.target.unfolded || []).forEach((e) => {
    const now = document.getElementById(e.id);
    if (now) now.open = true;
  });
});
// A refused form comes back as 422 with its fields marked: show it where it was.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:responseError", (event) => {
  say(
    event.detail.xhr.getResponseHeader("X-Gavel-Says") ||
      "That did not work. Reload the page and try again.",
  );
});
document.addEventListener("htmx:sendError", () =>
  say("The server cannot be reached. What is on air continues without it."),
);

// A press answers in its own place before the server does; what becomes of it comes with the next look.
document.addEventListener("htmx:beforeRequest", (event) => {
  const button =
    event.detail.requestConfig.verb === "post" && $(".acts button, [data-press]", event.detail.elt);
  if (!button || !event.detail.elt.closest(".acts, [data-presses]")) return;
  button.classList.add("pressed");
  put($("small", button) || button, "Sending…");
});
