// Marking a cut with the picture. The lines of the form are what is saved; this only writes them.
import { $, $$, put } from "./page.js";
import { player } from "./player.js";

const FIELDS = "input:not([type=range]), textarea, select, dialog, [contenteditable], #drawer";
const root = $("[data-cuts]");
const form = root && $("[data-cut-form]", root);
if (player && form) bind(form.elements.pieces, form.elements.chapters);

// `H:MM:SS:FF` as a frame; null for anything else. The server reads it in the same way.
function read(text) {
  const parts = text.trim().split(/[:;.]/).map(Number);
  if (parts.length < 2 || parts.length > 4 || parts.some((part) => !(part >= 0))) return null;
  const rest = parts.pop();
  const whole = parts.reduce((sum, part) => sum * 60 + part, 0);
  return Math.ceil((whole * player.of) / player.over - 1e-9) + rest;
}

function readPieces(text) {
  const pieces = [];
  for (const line of text.split("\n").filter((one) => one.trim())) {
    const [first, last] = line.replace("–", "-").split("-").map(read);
    if (first === null || last === null || last === undefined) return null;
    pieces.push([first, last + 1]);
  }
  return pieces;
}

// A length as pages write it: `45 s`, `8 min`, `1 h 7 min 30 s`.
function length(seconds) {
  const total = Math.round(seconds);
  const parts = [
    [Math.floor(total / 3600), "h"],
    [Math.floor(total / 60) % 60, "min"],
    [total % 60, "s"],
  ];
  const said = parts.filter(([number]) => number).map(([number, unit]) => `${number} ${unit}`);
  return said.join(" ") || "0 s";
}

const written = (pieces) =>
  pieces
    .map(([first, after]) => `${player.timecode(first)} - ${player.timecode(after - 1)}`)
    .join("\n");

// What is left of the pieces without [first, after): a piece around it becomes two.
function without(pieces, first, after) {
  return pieces
    .flatMap(([begins, ends]) => [
      [begins, Math.min(ends, first)],
      [Math.max(begins, after), ends],
    ])
    .filter(([begins, ends]) => ends > begins);
}

function bind(lines, chapters) {
  const says = $("[data-cut-says]", root),
    list = $("[data-cut-list]", root),
    leave = $("[data-cut=leave]", root),
    past = [];
  let begun = null, // the first picture of what a second press leaves out
    playing = -1; // the piece that plays, while the cut is played
  $$("[hidden][data-cut-tools], [hidden][data-cut]", root).forEach((one) => (one.hidden = false));

  function set(pieces, words) {
    past.push([lines.value, chapters.value]);
    lines.value = written(pieces);
    draw();
    put(says, words);
  }
  function pieces() {
    const found = readPieces(lines.value);
    if (!found) put(says, "Put the lines of the pieces right first.");
    return found;
  }
  // The piece that the picture is in, else the last one that begins before it.
  function near(found, frame) {
    const inside = found.findIndex(([first, after]) => frame >= first && frame < after);
    if (inside >= 0) return inside;
    return found.reduce((best, [first], n) => (first <= frame ? n : best), -1);
  }
  const acts = {
    in() {
      const found = pieces();
      if (!found) return;
      const at = player.frame,
        inside = found.findIndex(([first, after]) => at >= first && at < after);
      // A picture before the only piece begins it earlier; else a new piece ends where one begins.
      const later = found.map(([first]) => first).filter((first) => first > at);
      if (inside >= 0) found[inside][0] = at;
      else if (found.length === 1 && later.length) found[0][0] = at;
      else found.push([at, Math.min(player.frames, ...later)]);
      set(found, `Begins at ${player.timecode(at)}.`);
    },
    out() {
      const found = pieces();
      if (!found) return;
      const at = player.frame,
        which = near(found, at);
      if (which < 0) return put(says, "Mark the first picture first.");
      found[which][1] = at + 1;
      set(found, `Ends with ${player.timecode(at)}.`);
    },
    leave() {
      const found = pieces();
      if (!found) return;
      if (begun === null) {
        begun = player.frame;
        leave.firstChild.textContent = "Cut out up to here ";
        return put(says, `Cut out from ${player.timecode(begun)}; go to the last such picture.`);
      }
      const [first, last] = [begun, player.frame].sort((a, b) => a - b);
      begun = null;
      leave.firstChild.textContent = "Cut out from here ";
      set(without(found, first, last + 1), "Cut out.");
    },
    chapter() {
      past.push([lines.value, chapters.value]);
      const all = chapters.value.split("\n").filter((one) => one.trim());
      chapters.value = [...all, `${player.timecode(player.frame)} `].join("\n");
      player.pause();
      chapters.focus();
      chapters.setSelectionRange(chapters.value.length, chapters.value.length);
      put(says, "Write the name of the chapter.");
    },
    play() {
      const found = pieces();
      if (!found || !found.length) return;
      player.seek(found[0][0]);
      player.run(1);
      playing = 0; // only now: each of the two tells of a picture, and at the first nothing plays
      put(says, "Plays only the marked pieces.");
    },
    undo() {
      const last = past.pop();
      if (!last) return put(says, "There is nothing to take back.");
      [lines.value, chapters.value] = last;
      draw();
      put(says, "Taken back.");
    },
    here() {
      $("#at", root).value = player.timecode(player.frame);
    },
  };
  function draw() {
    const found = readPieces(lines.value) || [];
    list.replaceChildren(...found.map((piece, n) => row(found, piece, n)));
  }
  function row(found, [first, after], n) {
    const item = document.createElement("li");
    const seconds = ((after - first) * player.over) / player.of;
    const words = document.createElement("span");
    words.className = "num";
    words.textContent = `Piece ${n + 1}, ${length(seconds)} `;
    const button = (word, label, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", className: "btn btn-plain btn-sm", textContent: word });
      made.setAttribute("aria-label", `${label} piece ${n + 1}`);
      made.addEventListener("click", act);
      return made;
    };
    const swap = (other) => () => {
      [found[n], found[other]] = [found[other], found[n]];
      set(found, `Piece ${n + 1} is piece ${other + 1} now.`);
    };
    item.append(
      words,
      button("Begin", "Begin of", () => player.seek(first)),
    );
    item.append(button("End", "End of", () => player.seek(after - 1)));
    if (n) item.append(button("Up", "Move up", swap(n - 1)));
    if (n + 1 < found.length) item.append(button("Down", "Move down", swap(n + 1)));
    item.append(
      button("Remove", "Remove", () =>
        set(
          found.filter((_, other) => other !== n),
          `Removed piece ${n + 1}.`,
        ),
      ),
    );
    return item;
  }
  // While the cut plays, what is left out is jumped over.
  player.addEventListener("frame", () => {
    if (playing < 0) return;
    if (player.speed <= 0) playing = -1;
    const found = readPieces(lines.value) || [];
    if (playing < 0 || !found[playing] || player.frame < found[playing][1]) return;
    playing += 1;
    if (found[playing]) return player.seek(found[playing][0]);
    playing = -1;
    player.pause();
  });
  const keys = { i: "in", o: "out", x: "leave", m: "chapter", p: "play", z: "undo" };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cut]");
    if (button) acts[button.dataset.cut]();
  });
  lines.addEventListener("input", draw);
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return;
      const act = acts[keys[event.key.toLowerCase()]];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );
  draw();
}
