// The level meter of the player: peaks of left and right, in decibels below full scale.
import { $, put } from "./page.js";
import { player } from "./player.js";

const FLOOR = -60, // decibels at the left edge
  FALL = 24, // decibels a second by which a bar falls
  WARM = -9; // decibels above which a bar turns to the colour of what needs a person
const bars = $("[data-levels]"),
  word = $("[data-levels-word]");

// Browsers start sound only after a press or a key, so the meter begins with the first playing.
if (player && bars) player.video.addEventListener("play", begin, { once: true });

function begin() {
  let context;
  try {
    context = new AudioContext();
  } catch (error) {
    return; // no sound card: the picture plays without a meter
  }
  const source = context.createMediaElementSource(player.video),
    splitter = context.createChannelSplitter(2);
  source.connect(context.destination);
  source.connect(splitter);
  const sides = [0, 1].map((side) => {
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    splitter.connect(analyser, side);
    return { analyser, samples: new Float32Array(2048), level: FLOOR };
  });
  player.video.addEventListener("play", () => context.resume());
  let last = performance.now();
  function look(now) {
    const passed = (now - last) / 1000;
    last = now;
    for (const side of sides) {
      side.analyser.getFloatTimeDomainData(side.samples);
      const peak = side.samples.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-6);
      side.level = Math.max(20 * Math.log10(peak), side.level - FALL * passed, FLOOR);
    }
    draw(sides.map((side) => side.level));
    requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
}

function draw(levels) {
  const ink = bars.getContext("2d"),
    style = getComputedStyle(bars),
    height = bars.height / levels.length;
  ink.clearRect(0, 0, bars.width, bars.height);
  levels.forEach((level, side) => {
    ink.fillStyle = style.getPropertyValue(level > WARM ? "--person" : "--ready");
    const width = (bars.width * (level - FLOOR)) / -FLOOR;
    ink.fillRect(0, side * height + 1, width, height - 2);
  });
  const most = Math.max(...levels);
  put(word, most > FLOOR ? `${Math.round(most)} dB`.replace("-", "−") : "silent");
}
