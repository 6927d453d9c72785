// Clocks and counters that run in the page.
import { $$, now, put } from "./page.js";

const formats = {};
function zoned(zone) {
  if (!formats[zone]) {
    const twelve = document.body.dataset.hours === "12";
    const written = new Intl.DateTimeFormat(twelve ? "en-US" : "en-GB", {
      timeZone: zone,
      hour: twelve ? "numeric" : "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: twelve ? "h12" : "h23",
    });
    const named = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" });
    const letters = (at) =>
      named.formatToParts(at).find((part) => part.type === "timeZoneName").value;
    // The night on which an hour comes twice, the zone stands beside it, as config.times writes it.
    const plain = (at) => written.format(at).replace(/\s/g, " ");
    formats[zone] = (at) =>
      plain(at) === plain(at + 3600000) || plain(at) === plain(at - 3600000)
        ? `${plain(at)} ${letters(at)}`
        : plain(at);
  }
  return formats[zone];
}
// Time that runs is always written in three parts, so that 8:00 is never read as eight hours.
function length(ms) {
  const total = Math.max(0, Math.ceil(ms / 1000));
  const h = Math.floor(total / 3600),
    m = Math.floor(total / 60) % 60,
    s = total % 60;
  const two = (n) => String(n).padStart(2, "0");
  return `${h}:${two(m)}:${two(s)}`;
}
function tick() {
  const at = now();
  $$("[data-clock]").forEach((e) => put(e, zoned(e.dataset.clock)(at)));
  $$("[data-until]").forEach((e) => put(e, length(Number(e.dataset.until) - at)));
  $$("[data-since]").forEach((e) => put(e, length(at - Number(e.dataset.since))));
  $$("[data-lane]").forEach((e) => {
    const [start, end] = e.dataset.lane.split(",").map(Number);
    e.style.width = `${Math.min(100, Math.max(0, (100 * (at - start)) / (end - start)))}%`;
  });
  $$("[data-age]").forEach((e) => {
    const seconds = Math.max(0, Math.round((at - Number(e.dataset.age)) / 1000));
    put(
      e,
      seconds < 5
        ? "just now"
        : seconds < 90
          ? `${seconds} s ago`
          : `${Math.round(seconds / 60)} min ago`,
    );
  });
}
setInterval(tick, 250);
document.addEventListener("htmx:afterSettle", tick);
tick();
