// Buttons, keys and the time line of the player.
import { $, $$, put } from "./page.js";
import { player } from "./player.js";

const FIELDS = "input:not([type=range]), textarea, select, dialog, [contenteditable], #drawer";
if (player) bind(player);

function bind({ root, video }) {
  const toggle = $("[data-plays=toggle]", root),
    place = $("[data-plays-place]", root),
    captions = $("[data-plays=captions]", root);
  const second = Math.round(player.rate);
  const actions = {
    toggle: () => player.toggle(),
    back: () => player.step(-1),
    forward: () => player.step(1),
    captions: switchCaptions,
  };
  if (video.textTracks.length) {
    captions.hidden = false;
    video.textTracks[0].mode = "hidden";
  }
  function switchCaptions() {
    const track = video.textTracks[0];
    if (!track) return;
    track.mode = track.mode === "showing" ? "hidden" : "showing";
    captions.setAttribute("aria-pressed", String(track.mode === "showing"));
  }
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-plays]");
    if (button) actions[button.dataset.plays]();
    else if (event.target === video) player.toggle();
  });
  place.addEventListener("input", () => {
    if (player.speed < 0) player.pause();
    player.seek(Number(place.value));
  });
  const keys = {
    " ": () => player.toggle(),
    k: () => player.pause(),
    j: () => player.shuttle(-1),
    l: () => player.shuttle(1),
    c: switchCaptions,
    ArrowLeft: (event) => player.step(event.shiftKey ? -second : -1),
    ArrowRight: (event) => player.step(event.shiftKey ? second : 1),
    Home: () => player.seek(0),
    End: () => player.seek(player.frames - 1),
  };
  // In the capture phase, before the keys of the desk: there j and k move in a rundown.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return;
      if (event.key === " " && event.target.closest("button, a, summary")) return;
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act(event);
    },
    true,
  );
  function draw() {
    const { frame, speed } = player;
    put($("[data-plays-time]", root), player.timecode(frame));
    place.value = frame;
    place.setAttribute("aria-valuetext", player.timecode(frame));
    put(toggle, speed ? "Pause" : "Play");
    const pace = Math.abs(speed) > 1 || speed < 0 ? `${Math.abs(speed)} ×` : "";
    put($("[data-plays-speed]", root), pace && `${pace} ${speed < 0 ? "back" : "forward"}`);
  }
  player.addEventListener("frame", draw);
  player.addEventListener("fail", () => {
    $("[data-plays-wrong]", root).hidden = false;
    $$("[data-plays]", root).forEach((button) => (button.disabled = true));
    draw();
  });
  draw();
}
