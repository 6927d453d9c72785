// Uploads: files and whole folders, dropped anywhere or chosen, in one queue with its totals.
import { $, put } from "./page.js";
import { sendFile } from "./upload-send.js";

const AT_ONCE = 3;
const MOST_FILES = 2000;
// Captions go after the videos they belong to: the server looks for a file of their name.
const CAPTIONS = /\.(srt|vtt|scc|ttml|dfxp|itt|xml)$/i;
// Files that no person means to upload: hidden and temporary ones, and what systems leave behind.
const LEFT_OUT = /^[.~$]|\.(part|partial|tmp|temp|crdownload)$|~$|^(thumbs\.db|desktop\.ini)$/i;

const zone = $("[data-upload]");
const list = $("#uploading");
const total = $("#upload-total");
const waiting = [];
let all = [],
  busy = 0,
  under = 0;

const size = (bytes) =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

function tell() {
  const done = all.filter((one) => one.state === "done").length;
  const failed = all.filter((one) => one.state === "failed").length;
  const bytes = all.reduce((sum, one) => sum + one.file.size, 0);
  const here = all.reduce((sum, one) => sum + one.here, 0);
  total.hidden = all.length < 2;
  $("progress", total).value = bytes ? here / bytes : 1;
  const parts = [`${done} of ${all.length} files sent`, `${size(here)} of ${size(bytes)}`];
  if (failed) parts.push(`${failed} not sent`);
  put($("[data-total]", total), parts.join(", "));
}
function line(one) {
  const row = $("template", zone).content.firstElementChild.cloneNode(true);
  $("[data-name]", row).textContent = one.path;
  $("progress", row).setAttribute("aria-label", one.path);
  $("[data-again]", row).addEventListener("click", () => {
    row.remove();
    queue([one]);
  });
  list.append(row);
  return row;
}
async function upload(one) {
  const row = line(one);
  const word = $("[data-word]", row);
  try {
    await sendFile(
      one,
      zone.dataset.upload,
      (sent) => {
        one.here = sent;
        $("progress", row).value = one.file.size ? sent / one.file.size : 1;
        word.textContent = `${Math.floor(100 * $("progress", row).value)} % sent`;
        tell();
      },
      () => {
        const captions = CAPTIONS.test(one.file.name);
        word.textContent = captions ? "looking for its video" : "checking the file";
      },
    );
    one.state = "done";
    one.here = one.file.size;
    row.remove();
    window.htmx.trigger("#library", "refresh");
  } catch (error) {
    one.state = "failed";
    row.classList.add("note-person");
    row.setAttribute("role", "alert");
    word.textContent = error.message;
    $("progress", row).hidden = true;
    $("[data-again]", row).hidden = false;
  }
}
// Captions wait until no video is on its way.
function next() {
  const at = waiting.findIndex((one) => !CAPTIONS.test(one.file.name));
  if (at >= 0) return waiting.splice(at, 1)[0];
  const video = all.some((one) => one.state === "sending" && !CAPTIONS.test(one.file.name));
  return video ? undefined : waiting.shift();
}
function work() {
  for (let one; busy < AT_ONCE && (one = next());) {
    busy += 1;
    one.state = "sending";
    upload(one).then(() => {
      busy -= 1;
      tell();
      work();
    });
  }
}
function queue(files) {
  for (const one of files) {
    Object.assign(one, { state: "waiting", here: 0 });
    if (!all.includes(one)) all.push(one);
    waiting.push(one);
  }
  tell();
  work();
}
function add(files) {
  const chosen = files
    .filter(({ file, path }) => path === file.name || !LEFT_OUT.test(file.name))
    .slice(0, MOST_FILES);
  const tagged = $("#folder-tags").checked;
  // What was sent before is done with; what failed still counts.
  if (!busy && !waiting.length) all = all.filter((one) => one.state === "failed");
  queue(
    chosen.map((one) => ({ ...one, folder: tagged && one.path !== one.file.name ? one.path : "" })),
  );
}
const chosen = (files) =>
  Array.from(files).map((file) => ({ file, path: file.webkitRelativePath || file.name }));

// A dropped folder is read through, entry by entry; a browser hands out a hundred at a time.
async function entries(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length || found.length > MOST_FILES) return found;
    found.push(...some);
  }
}
async function within(entry, path) {
  if (LEFT_OUT.test(entry.name)) return [];
  if (entry.isFile) {
    const file = await new Promise((done, failed) => entry.file(done, failed));
    return [{ file, path: path + entry.name }];
  }
  const found = [];
  for (const one of await entries(entry))
    found.push(...(await within(one, `${path}${entry.name}/`)));
  return found;
}
async function dropped(transfer) {
  const roots = Array.from(
    transfer.items,
    (item) => item.webkitGetAsEntry && item.webkitGetAsEntry(),
  );
  if (!roots.some((entry) => entry && entry.isDirectory)) return chosen(transfer.files);
  const found = [];
  for (const entry of roots) if (entry) found.push(...(await within(entry, "")));
  return found;
}

for (const id of ["#files", "#folder"])
  $(id, zone).addEventListener("change", (event) => {
    add(chosen(event.target.files));
    event.target.value = "";
  });
document.addEventListener("dragenter", (event) => {
  if (event.dataTransfer.types.includes("Files")) {
    under += 1;
    document.body.classList.add("dropping");
  }
});
document.addEventListener("dragleave", () => {
  under = Math.max(0, under - 1);
  if (!under) document.body.classList.remove("dropping");
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  under = 0;
  document.body.classList.remove("dropping");
  if (event.dataTransfer.types.includes("Files")) add(await dropped(event.dataTransfer));
});
window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
