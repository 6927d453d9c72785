// Captions corrected beside the picture: by double-click or Enter, saved one by one.
import { $, $$, put, token } from "./page.js";
import { player } from "./player.js";

const list = $("[data-caption-seen]"),
  editor = $("[data-caption-editor]");
if (list && editor) edit();

function edit() {
  const words = $("textarea", editor),
    wrong = $("#caption-line-wrong"),
    present = $("[data-caption-present]", editor),
    saved = $("[data-caption-saved]"),
    read = $("input[name=seen]");
  let row = null,
    busy = false;
  const press = (line) => $("button", line);
  const rows = () => $$("li[data-begin]", list);
  const here = () => {
    const focused = document.activeElement.closest("li[data-begin]");
    const shown = $("[aria-current]", list);
    return focused || (shown && shown.closest("li")) || rows()[0];
  };
  const tell = (text) => {
    put(wrong, text);
    wrong.classList.toggle("wrong", Boolean(text));
    words.classList.toggle("is-wrong", Boolean(text));
  };
  function open(line) {
    if (!line || busy || (row && row !== line && words.value !== row.dataset.rows)) return;
    row = line;
    words.value = line.dataset.rows;
    tell("");
    present.hidden = true;
    editor.hidden = false;
    line.append(editor);
    if (player) {
      player.pause();
      player.seek(Number(line.dataset.frameFirst));
    }
    words.focus();
  }
  function close() {
    const line = row;
    row = null;
    editor.hidden = true;
    list.after(editor);
    if (line && line.isConnected) press(line).focus();
  }
  function next(line, by) {
    const all = rows();
    return all[all.indexOf(line) + by];
  }
  async function save({ gone = false, onward = false } = {}) {
    if (!row || busy) return;
    const line = row,
      after = next(line, 1);
    if (!gone && words.value === line.dataset.rows) {
      close();
      if (onward) open(after);
      return;
    }
    const sent = new URLSearchParams({
      begin: line.dataset.begin,
      before: line.dataset.rows,
      text: words.value,
      seen: list.dataset.captionSeen,
    });
    if (gone) sent.set("delete", "yes");
    busy = true;
    let answer, said;
    try {
      answer = await fetch(editor.action, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body: sent,
      });
      const json = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      said = json ? await answer.json() : { wrong: answer.headers.get("X-Gavel-Says") };
    } catch {
      said = { wrong: "The server cannot be reached. Your words stay here; save again." };
    }
    busy = false;
    if (!answer || !answer.ok) return refuse(line, said);
    take(line, said, gone, after, onward);
  }
  function refuse(line, said) {
    tell(said.wrong || "That was not saved. Your words stay here; save again.");
    if (said.present) {
      line.dataset.rows = said.present;
      put($("[data-caption-text]", line), said.present.replaceAll("\n", " "));
      put(present, said.present);
      present.hidden = false;
    }
    words.focus();
  }
  function take(line, said, gone, after, onward) {
    if (said.alone) list.dataset.captionSeen = said.key;
    if (said.alone && read) read.value = said.key;
    line.dataset.rows = said.text;
    close();
    if (gone) {
      const near = after || next(line, -1);
      line.remove();
      if (near) press(near).focus();
    } else {
      put($("[data-caption-text]", line), said.text.replaceAll("\n", " "));
      put($("[data-caption-by]", line), `corrected by ${said.by}`);
    }
    onPicture(Number(line.dataset.begin) / 1e6, said.text);
    const others = said.alone ? "" : " Others changed captions too: reload to see theirs.";
    put($("[role=status]", saved), (gone ? "Deleted the caption." : "Saved.") + others);
    $("form", saved).action = said.undo;
    $("[data-undo-line]", saved).toggleAttribute("data-undo", true);
    saved.hidden = false;
    if (onward) open(after);
  }
  // The track that the browser shows over the picture was loaded with the page.
  function onPicture(seconds, text) {
    const track = player && player.video.textTracks[0];
    const cues = track && track.cues ? Array.from(track.cues) : [];
    const cue = cues.find((one) => Math.abs(one.startTime - seconds) < 0.02);
    if (!cue) return;
    if (text) cue.text = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    else track.removeCue(cue);
  }
  editor.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  $("[data-caption-cancel]", editor).addEventListener("click", close);
  $("[data-caption-delete]", editor).addEventListener("click", () => save({ gone: true }));
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-caption-edit]")) open(event.target.closest("li"));
  });
  list.addEventListener("dblclick", (event) => {
    if (!event.target.closest("[data-caption-editor]")) open(event.target.closest("li"));
  });
  // In the capture phase, before the keys of the player and of the desk.
  list.addEventListener(
    "keydown",
    (event) => {
      if (event.target.closest("[data-caption-editor]")) return inEditor(event);
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const to = step && next(here(), step);
      if (event.key === "Enter") open(here());
      else if (to) {
        press(to).focus();
        if (player) player.seek(Number(to.dataset.frameFirst));
      } else if (!step) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  function inEditor(event) {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save({ onward: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
