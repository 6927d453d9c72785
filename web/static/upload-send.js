// How one file is sent: in pieces, resumed where it stopped, also after the page was closed.
import { token } from "./page.js";

const PIECE = 8 * 1024 * 1024;
const MOST_TRIES = 20;
const BEGUN = "gavel-uploads";

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
const rest = (tries) => new Promise((done) => setTimeout(done, Math.min(1000 * tries, 10000)));

// What was begun is remembered by name, size and time, so that the same file chosen again resumes.
const mark = (file, path) => [path, file.size, file.lastModified].join("|");
const begun = () => {
  try {
    return JSON.parse(localStorage.getItem(BEGUN)) || {};
  } catch {
    return {};
  }
};
function remember(key, url) {
  const known = begun();
  delete known[key];
  if (url) known[key] = url;
  const kept = Object.entries(known).slice(-50);
  try {
    localStorage.setItem(BEGUN, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // Without room or leave to remember, an upload only begins anew after a restart.
  }
}
async function open(file, path, address) {
  const key = mark(file, path);
  const url = begun()[key];
  const where = url && (await send("GET", url).catch(() => null));
  if (where) return { url, at: Number(where.responseText) };
  const form = new URLSearchParams({ size: file.size, name: file.name });
  const made = (await send("POST", address, form)).responseText;
  remember(key, made);
  return { url: made, at: 0 };
}
async function pieces(file, url, from, shown) {
  let at = from,
    tries = 0;
  while (at < file.size) {
    try {
      const done = await send("PUT", `${url}?at=${at}`, file.slice(at, at + PIECE), (sent) =>
        shown(at + sent),
      );
      at = Number(done.responseText);
      tries = 0;
    } catch (error) {
      if (!error.again || ++tries > MOST_TRIES) throw error;
      await rest(tries);
      const where = await send("GET", url).catch(() => null);
      if (where) at = Number(where.responseText);
    }
  }
}
// An answer that was lost on its way is asked for again; an upload that is gone by then has arrived.
async function finish(url, form) {
  for (let tries = 1, lost = false; ; tries += 1) {
    try {
      return await send("POST", url, form);
    } catch (error) {
      const gone = lost && error.status === 422 && !(await send("GET", url).catch(() => null));
      if (gone) return null;
      if (!error.again || tries > MOST_TRIES) throw error;
      lost = lost || !error.status;
      await rest(tries);
    }
  }
}
// Send one file: `shown` gets the bytes that have arrived, `sent` is called before the last step.
export async function sendFile({ file, path, folder }, address, shown, sent) {
  const key = mark(file, path);
  const { url, at } = await open(file, path, address);
  shown(at);
  await pieces(file, url, at, shown);
  sent();
  await finish(url, new URLSearchParams({ size: file.size, name: file.name, folder }));
  remember(key, "");
}
