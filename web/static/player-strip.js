// The picture strip and the sound strip over the time line. A press or a drag on them seeks.
import { $, $$ } from "./page.js";
import { player } from "./player.js";

const canvas = $("[data-strips]");
const findings = $$("[data-finding]").map((button) => {
  const first = Number(button.dataset.finding);
  button.addEventListener("click", () => player.seek(first));
  return { first, last: Number(button.dataset.findingEnd) };
});
if (player && canvas) load();

async function load() {
  const answer = await fetch(canvas.dataset.strips);
  if (!answer.ok) return;
  const strips = await answer.json(),
    sheet = canvas.dataset.sheet ? await picture(canvas.dataset.sheet) : null;
  new ResizeObserver(() => draw(strips, sheet)).observe(canvas);
  player.addEventListener("frame", () => draw(strips, sheet));
  const seek = (event) => {
    const box = canvas.getBoundingClientRect();
    player.seek(Math.floor(((event.clientX - box.left) / box.width) * player.frames));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    seek(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) seek(event);
  });
}

function picture(address) {
  return new Promise((done) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => done(null);
    image.src = address;
  });
}

function draw(strips, sheet) {
  const scale = window.devicePixelRatio || 1,
    width = Math.round(canvas.clientWidth * scale),
    height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const ink = canvas.getContext("2d"),
    style = getComputedStyle(canvas);
  ink.clearRect(0, 0, width, height);
  const above = sheet ? Math.round(height * 0.55) : 0;
  if (sheet) pictures(ink, strips, sheet, width, above);
  ink.fillStyle = style.getPropertyValue("--strip-ran");
  bars(ink, strips.sound, width, above, height);
  ink.fillStyle = style.getPropertyValue("--person");
  for (const { first, last } of findings) {
    const wide = Math.max(3 * scale, (width * (last - first)) / player.frames);
    ink.fillRect((width * first) / player.frames, above, wide, 4 * scale);
  }
  ink.fillStyle = style.getPropertyValue("--focus");
  ink.fillRect((width * (player.frame + 0.5)) / player.frames - scale, 0, 2 * scale, height);
}

// As many pictures as fit at their shape; each is the nearest to the middle of its place.
function pictures(ink, strips, sheet, width, height) {
  const wide = (height * strips.width) / strips.height,
    count = Math.max(1, Math.round(width / wide));
  for (let place = 0; place < count; place++) {
    const share = (place + 0.5) / count,
      tile = Math.min(strips.tiles.length - 1, Math.floor(share * strips.tiles.length));
    const left = (tile % strips.columns) * strips.width,
      top = Math.floor(tile / strips.columns) * strips.height;
    const from = [left, top, strips.width, strips.height];
    ink.drawImage(sheet, ...from, (place * width) / count, 0, width / count, height);
  }
}

// The bars are in decibels, as ears hear: full height at full scale, none at 50 dB below.
function bars(ink, sound, width, top, bottom) {
  sound.forEach((peak, place) => {
    const level = peak ? Math.max(0, 1 + (20 * Math.log10(peak / 100)) / 50) : 0,
      tall = Math.max(1, level * (bottom - top - 2));
    ink.fillRect(
      (place * width) / sound.length,
      bottom - tall,
      Math.ceil(width / sound.length),
      tall,
    );
  });
}
