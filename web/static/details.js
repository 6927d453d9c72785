// The details of a file: documents are attached, and a search leads to a second of the player.
import { $, put, token } from "./page.js";
import { player } from "./player.js";

const place = $("[data-documents]");
if (place) {
  const file = $("input[type=file]", place),
    word = $("[data-document-word]", place);
  const tell = (text, wrong) => {
    word.classList.toggle("wrong", Boolean(wrong));
    put(word, text);
  };
  const attach = async (sent) => {
    const most = Number(place.dataset.mostBytes);
    if (sent.size > most) return tell(`${sent.name} is larger than ${most / 1048576} MB.`, true);
    tell(`Attaching ${sent.name}…`);
    const answer = await fetch(`${place.dataset.documents}?name=${encodeURIComponent(sent.name)}`, {
      method: "POST",
      headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" },
      body: sent,
    });
    if (answer.ok) return location.assign(location.pathname);
    const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    const why = answer.headers.get("X-Gavel-Says") || (plain && (await answer.text()));
    return tell(why || "The server refused the document.", true);
  };
  file.addEventListener("change", () => {
    const sent = file.files[0];
    file.value = "";
    if (sent)
      attach(sent).catch(() => tell("The server cannot be reached. Try again in a moment.", true));
  });
}
const at = Number(new URLSearchParams(location.search).get("at"));
if (player && at > 0) player.seek(player.at(at));
