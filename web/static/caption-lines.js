// The captions beside the picture: the list follows it, and a press on a caption goes there.
import { $, $$ } from "./page.js";
import { player } from "./player.js";

const list = $("[data-caption-lines]");
if (player && list) follow();

function follow() {
  const lines = $$("[data-caption-frame]", list),
    firsts = lines.map((line) => Number(line.dataset.captionFrame));
  let shown = null;
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-caption-frame]");
    if (line) player.seek(Number(line.dataset.captionFrame));
  });
  player.addEventListener("frame", () => {
    const line = lines[last(firsts, player.frame)] || null;
    if (line === shown) return;
    if (shown) shown.removeAttribute("aria-current");
    shown = line;
    if (!line) return;
    line.setAttribute("aria-current", "true");
    // Only the list scrolls; to scroll the page would take the picture away.
    list.scrollTop = line.parentElement.offsetTop - list.clientHeight / 3;
  });
}

// The place of the last number that is not greater; -1 where all are.
function last(numbers, limit) {
  let low = 0,
    high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
