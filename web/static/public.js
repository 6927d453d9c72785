// The public page: what is on and what comes is renewed every half minute, and nothing moves under whoever reads it.
const EVERY = 30000,
  LATE = 150000;
const face = document.querySelector("[data-renew]"),
  late = document.querySelector("[data-late]");
let renewed = Date.now(),
  asking = false;
// Words that are marked with the mouse, a link that has the focus, and the line at the top of the screen stay.
const marked = (part) => {
  const s = getSelection();
  return s && s.type === "Range" && part.contains(s.anchorNode);
};
const line = (e) => (e && e.closest("[id]") ? e.closest("[id]").id : "");
function top(part) {
  if (!window.scrollY) return null;
  const seen = Array.from(part.querySelectorAll("li[id]")).find(
    (e) => e.getBoundingClientRect().bottom > 0,
  );
  return seen ? { id: seen.id, at: seen.getBoundingClientRect().top } : null;
}
// What was said last is kept: the page's own search and choice change the part, which is no news.
function put(part, next) {
  if (!next || part.said === next.innerHTML || marked(part)) return;
  part.said = next.innerHTML;
  const used = part.contains(document.activeElement) ? document.activeElement : null;
  const focus = used && { id: line(used), href: used.getAttribute("href") };
  const held = top(part);
  part.replaceChildren(...next.childNodes);
  sift();
  const stays = held && document.getElementById(held.id);
  if (stays)
    window.scrollBy({ top: stays.getBoundingClientRect().top - held.at, behavior: "instant" });
  if (!focus) return;
  const links = Array.from(part.querySelectorAll("a")).filter(
    (e) => e.getAttribute("href") === focus.href,
  );
  const again = links.find((e) => line(e) === focus.id) || links[0] || part;
  again.focus({ preventScroll: true });
}
// Meetings or everything, and a search: chosen in the browser, so that one kept page serves everybody.
const choose = document.querySelector("[data-choose]"),
  find = document.querySelector("[data-find]"),
  none = document.querySelector("[data-none]");
let list = "everything";
function sift() {
  if (!choose) return;
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  face.querySelectorAll("[data-part=lineup] .day").forEach((day) => {
    let here = 0;
    day.querySelectorAll("li").forEach((line) => {
      const text = line.textContent.toLowerCase();
      const fits =
        (list === "everything" || line.hasAttribute("data-meeting")) &&
        words.every((word) => text.includes(word));
      line.hidden = !fits;
      here += fits;
    });
    day.hidden = !here;
    shown += here;
  });
  const quiet = list === "everything" && !words.length;
  none.textContent =
    shown || quiet
      ? ""
      : words.length
        ? "No upcoming program matches."
        : "No meeting is announced for the next few days.";
}
if (choose) {
  face.querySelectorAll("[data-part]").forEach((part) => {
    part.said = part.innerHTML;
  });
  choose.hidden = false;
  find.addEventListener("input", sift);
  choose.addEventListener("click", (event) => {
    const button = event.target.closest("[data-list]");
    if (!button) return;
    list = button.dataset.list;
    choose
      .querySelectorAll("[data-list]")
      .forEach((e) => e.setAttribute("aria-pressed", String(e === button)));
    sift();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input")) {
      event.preventDefault();
      find.focus();
    }
  });
}
async function renew() {
  if (document.hidden || asking) return;
  asking = true;
  try {
    const answer = await fetch(face.dataset.renew, {
      cache: "no-cache",
      signal: AbortSignal.timeout(EVERY),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const said = new DOMParser().parseFromString(await answer.text(), "text/html");
    face
      .querySelectorAll("[data-part]")
      .forEach((part) => put(part, said.querySelector(`[data-part=${part.dataset.part}]`)));
    renewed = Date.now();
    face.dataset.renewed = String(renewed);
  } catch (error) {
    /* asked again at the next turn */
  }
  asking = false;
  if (late) late.hidden = Date.now() - renewed < LATE;
}
document.querySelectorAll("[data-renews]").forEach((e) => {
  e.hidden = false;
});
face.dataset.renewed = String(renewed);
setInterval(renew, EVERY);
document.addEventListener("visibilitychange", () => {
  if (Date.now() - renewed > EVERY) renew();
});
