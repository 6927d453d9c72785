// Uploads: drop files anywhere, send them in pieces with progress, resume after a break.
import { $, token, say } from "./page.js";

const zone = $("[data-upload]");
const PIECE = 8 * 1024 * 1024;
const list = $("#uploading");
let under = 0,
  busy = 0;

function send(method, url, body, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("HX-Request", "true");
    if (body instanceof Blob) request.setRequestHeader("Content-Type", "application/octet-stream");
    else if (body) request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    if (onprogress) request.upload.onprogress = (event) => onprogress(event.loaded);
    request.onload = () =>
      request.status < 300
        ? resolve(request)
        : reject(
            Object.assign(
              new Error(
                request.getResponseHeader("X-Gavel-Says") ||
                  request.responseText ||
                  "The server refused the file.",
              ),
              { status: request.status, again: request.status === 409 || request.status === 503 },
            ),
          );
    request.onerror = () =>
      reject(Object.assign(new Error("The connection broke."), { again: true }));
    request.send(body || null);
  });
}
function line(file) {
  const row = $("template", zone.parentElement).content.firstElementChild.cloneNode(true);
  $("[data-name]", row).textContent = file.name;
  list.append(row);
  return { row, bar: $("progress", row), word: $("[data-word]", row) };
}
async function pieces(file, url, shown) {
  let at = 0,
    tries = 0;
  while (at < file.size) {
    try {
      const done = await send("PUT", `${url}?at=${at}`, file.slice(at, at + PIECE), (sent) =>
        shown(at + sent),
      );
      at = Number(done.responseText);
      tries = 0;
    } catch (error) {
      if (!error.again || ++tries > 20) throw error;
      await new Promise((rest) => setTimeout(rest, Math.min(1000 * tries, 10000)));
      const where = await send("GET", url).catch(() => null);
      if (where) at = Number(where.responseText);
    }
  }
}
async function upload(file) {
  const { row, bar, word } = line(file);
  busy += 1;
  try {
    const form = new URLSearchParams({ size: file.size, name: file.name });
    const begun = await send("POST", zone.dataset.upload, form);
    const url = begun.responseText;
    await pieces(file, url, (sent) => {
      bar.value = file.size ? sent / file.size : 1;
      word.textContent = `${Math.floor(100 * bar.value)} % sent`;
    });
    word.textContent = CAPTIONS.test(file.name) ? "looking for its video" : "checking the file";
    await send("POST", url, form);
    row.remove();
    window.htmx.trigger("#library", "refresh");
  } catch (error) {
    row.classList.add("note-person");
    word.textContent = error.message;
    bar.hidden = true;
  }
  busy -= 1;
}
// Captions go after the videos they belong to: the server looks for a file of their name.
const CAPTIONS = /\.(srt|vtt|scc|ttml|dfxp|itt|xml)$/i;
async function all(files) {
  const captions = Array.from(files).filter((file) => CAPTIONS.test(file.name));
  const others = Array.from(files).filter((file) => !CAPTIONS.test(file.name));
  for (const file of [...others, ...captions]) await upload(file);
}

$("input[type=file]", zone).addEventListener("change", (event) => {
  all(event.target.files);
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
document.addEventListener("drop", (event) => {
  event.preventDefault();
  under = 0;
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length) all(event.dataTransfer.files);
});
window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
