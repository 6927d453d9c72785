// Watch live: the channel's own HLS, played by hls.js, or by a browser that plays it itself (iPhone).
const box = document.querySelector("[data-video]"),
  video = box.querySelector("video"),
  watch = box.querySelector("[data-watch]"),
  captions = box.querySelector("[data-captions]"),
  told = box.querySelector("[data-told]");
let shown = false;
const tell = (words) => (told.textContent = words);
// The player weighs as much as the page, so it comes only when somebody watches.
const player = () =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = box.dataset.player;
    script.onload = () => done(window.Hls);
    script.onerror = failed;
    document.head.append(script);
  });
const tracks = () =>
  Array.from(video.textTracks).filter((t) => t.kind === "captions" || t.kind === "subtitles");
// The button is for the first channel; others, which the browser's own menu offers, are not even loaded.
function choose() {
  captions.hidden = !tracks().length;
  captions.setAttribute("aria-pressed", String(shown));
  tracks().forEach((t, n) => (t.mode = n ? "disabled" : shown ? "showing" : "hidden"));
}
captions.addEventListener("click", () => {
  shown = !shown;
  choose();
});
video.textTracks.addEventListener("addtrack", choose);
// The browser's own menu of captions counts too.
video.textTracks.addEventListener("change", () => {
  const now = tracks().some((t) => t.mode === "showing");
  if (now === shown) return;
  shown = now;
  captions.setAttribute("aria-pressed", String(shown));
});
function play(Hls) {
  if (!Hls.isSupported()) {
    if (!video.canPlayType("application/vnd.apple.mpegurl"))
      return tell("This browser cannot play the channel.");
    video.src = box.dataset.video;
    return video.play();
  }
  // The captions come as text beside the picture; those within it would be the same ones again.
  const hls = new Hls({ enableWorker: false, enableCEA708Captions: false });
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    tell("The video has stopped. Trying again.");
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    else setTimeout(() => hls.loadSource(box.dataset.video), 5000);
  });
  hls.on(Hls.Events.FRAG_BUFFERED, () => tell(""));
  hls.loadSource(box.dataset.video);
  hls.attachMedia(video);
  return video.play();
}
watch.addEventListener("click", async () => {
  watch.hidden = true;
  video.hidden = false;
  video.focus();
  tell("Loading the video.");
  try {
    await play(window.Hls || (await player()));
  } catch {
    tell("The video cannot be played at the moment. Press play to try again.");
  }
});
