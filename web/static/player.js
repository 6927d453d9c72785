// The player of a file: one picture at a time, shuttle, and a level meter.
//
// `player` is null on a page without one. Others use only this much of it:
//   player.frame, player.frames, player.seconds   where it stands, how far it goes
//   player.seek(frame), player.step(by), player.pause()
//   player.addEventListener("frame", () => …)     another picture is shown
//   player.timecode(frame)                        "1:07:30:12"
// Frames count from zero, at the exact rate that the server knows (30000/1001, not 29.97).
import { $ } from "./page.js";

const FASTEST = 8;
const REVERSE_EVERY = 120; // milliseconds between two pictures while it runs backward

class Player extends EventTarget {
  constructor(root) {
    super();
    this.root = root;
    this.video = $("video", root);
    this.of = Number(root.dataset.rateOf);
    this.over = Number(root.dataset.rateOver);
    this.frames = Number(root.dataset.frames);
    this.speed = 0;
    this.aim = null; // the frame that a seek is on its way to
    this.shown = 0;
    this.watch();
  }
  get rate() {
    return this.of / this.over;
  }
  get frame() {
    return this.aim === null ? this.shown : this.aim;
  }
  get seconds() {
    return (this.frame * this.over) / this.of;
  }
  // The middle of a frame is asked for: at its edge the browser may show the one before.
  middle(frame) {
    return ((frame + 0.5) * this.over) / this.of;
  }
  at(seconds) {
    return Math.min(
      this.frames - 1,
      Math.max(0, Math.floor((seconds * this.of) / this.over + 0.01)),
    );
  }
  timecode(frame) {
    const per = Math.round(this.rate),
      two = (n) => String(n).padStart(2, "0");
    const whole = Math.floor((frame * this.over) / this.of + 1e-9);
    const first = Math.ceil((whole * this.of) / this.over - 1e-9);
    const rest = Math.min(frame - first, per - 1);
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}:${two(rest)}`;
  }
  seek(frame) {
    const to = Math.min(this.frames - 1, Math.max(0, Math.round(frame)));
    this.aim = to;
    this.video.currentTime = this.middle(to);
    this.tell();
  }
  step(by) {
    this.pause();
    this.seek(this.frame + by);
  }
  pause() {
    this.run(0);
  }
  toggle() {
    this.run(this.speed ? 0 : 1);
  }
  // Plays at `speed` times the pace; below zero it walks backward, which no browser can do itself.
  run(speed) {
    clearInterval(this.backward);
    this.speed = speed;
    if (speed > 0) {
      if (this.frame >= this.frames - 1) this.seek(0);
      this.video.playbackRate = speed;
      this.video.play().catch(() => this.fail());
    } else {
      this.video.pause();
      if (speed < 0) this.walkBack();
    }
    this.tell();
  }
  walkBack() {
    let last = performance.now();
    this.backward = setInterval(() => {
      if (this.video.seeking) return;
      const passed = (performance.now() - last) / 1000;
      const by = Math.floor(-this.speed * passed * this.rate);
      if (!by) return;
      last = performance.now();
      if (this.frame === 0) this.run(0);
      else this.seek(this.frame - by);
    }, REVERSE_EVERY);
  }
  shuttle(way) {
    const same = this.speed * way > 0;
    this.run(same ? Math.max(-FASTEST, Math.min(FASTEST, this.speed * 2)) : way);
  }
  show(seconds) {
    const frame = this.at(seconds);
    if (frame === this.shown) return;
    this.shown = frame;
    this.tell();
  }
  tell() {
    this.dispatchEvent(new Event("frame"));
  }
  fail() {
    this.speed = 0;
    this.dispatchEvent(new Event("fail"));
  }
  watch() {
    const video = this.video;
    const presented = (_, about) => {
      this.show(about.mediaTime);
      video.requestVideoFrameCallback(presented);
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(presented);
    video.addEventListener("timeupdate", () => {
      if (!video.seeking) this.show(video.currentTime);
    });
    video.addEventListener("seeked", () => {
      const aimed = this.aim;
      this.aim = null;
      if (aimed === null) return;
      // While it plays, the time has already moved on from where it was sent.
      const missed = video.paused && Math.abs(video.currentTime - this.middle(aimed)) > 1e-3;
      if (missed) this.aim = aimed;
      else this.shown = aimed;
      this.tell();
    });
    video.addEventListener("ended", () => this.run(0));
    video.addEventListener("pause", () => {
      if (this.speed > 0) this.run(0);
    });
    video.addEventListener("play", () => {
      if (this.speed <= 0) this.run(video.playbackRate || 1);
    });
    video.addEventListener("error", () => this.fail());
  }
}

const root = $("[data-plays-root]");
export const player = root ? new Player(root) : null;
