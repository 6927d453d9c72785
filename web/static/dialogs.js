import { $ } from "./page.js";

// Dialogs: a button with data-confirm shows the consequence before anything is sent.
let waiting = null;
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-confirm]");
    const dialog = $("#confirm");
    if (!button || button === waiting || !dialog) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    $("h2", dialog).textContent = button.dataset.confirm;
    $("p", dialog).textContent = button.dataset.consequence || "";
    $("[value=yes]", dialog).textContent = button.dataset.yes || "Yes";
    $("[value=no]", dialog).textContent = button.dataset.no || "Cancel";
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") {
        waiting = button;
        button.click();
        waiting = null;
      } else button.focus();
    };
    dialog.showModal();
  },
  true,
);
