import { $ } from "./page.js";

const drawer = $("#drawer");
let opener = null,
  stood = false;

// Drawer: htmx fills it, Bootstrap opens it. Bootstrap takes the focus to itself a moment after, so a drawer's first
// field is marked data-first and is given the focus once, then: autofocus would have it taken away in mid-word.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "drawer-body") return;
  stood = drawer.classList.contains("show");
  // What had the focus may be gone with what stood there: without one inside, Escape would not close the drawer.
  if (stood && !drawer.contains(document.activeElement)) drawer.focus();
  window.bootstrap.Offcanvas.getOrCreateInstance(drawer).show();
});
// Until htmx has settled, a field wears the attributes of the one it replaces, and none is marked as wrong.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "drawer-body" && stood) begin();
});
function begin() {
  const first = $(".is-wrong, [data-first]", drawer);
  if (first) first.focus();
}
if (drawer) {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target.id === "drawer-body" && !drawer.contains(event.target))
      opener = event.target;
  });
  drawer.addEventListener("hidden.bs.offcanvas", () => {
    // A list that was refreshed meanwhile has another button of the same id.
    const back = opener && (opener.isConnected ? opener : document.getElementById(opener.id));
    if (back) back.focus();
  });
  drawer.addEventListener("shown.bs.offcanvas", begin);
}
