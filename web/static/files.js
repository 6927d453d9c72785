// A list of checkboxes ordered by keyboard: Alt with an arrow key moves the focused one.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
  const line = event.target.closest("[data-sortable] > *");
  if (!line) return;
  event.preventDefault();
  const other = event.key === "ArrowUp" ? line.previousElementSibling : line.nextElementSibling;
  if (!other) return;
  if (event.key === "ArrowUp") other.before(line);
  else other.after(line);
  event.target.focus();
});
