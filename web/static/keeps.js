// Files that are kept at once and chosen in a list: a font or a logo of the look of bulletins.
import { $, $$, put, token } from "./page.js";

function tell(place, text, wrong) {
  const word = $("[data-keeps-word]", place);
  word.classList.toggle("wrong", Boolean(wrong));
  put(word, text);
}
async function refusal(answer) {
  const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
  const why = answer.headers.get("X-Gavel-Says") || (plain && (await answer.text()));
  return why || "The server refused the file.";
}
async function take(place, file) {
  const { keeps, largest, into } = place.dataset;
  if (file.size > Number(largest)) {
    tell(place, `${file.name} is larger than ${largest / 1048576} MB.`, true);
    return;
  }
  tell(place, "Checking the file…");
  const answer = await fetch(`${keeps}?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" },
    body: file,
  });
  if (!answer.ok) {
    tell(place, await refusal(answer), true);
    return;
  }
  const kept = await answer.json();
  const list = place.closest("form").elements[into];
  list.add(new Option(kept.title, kept.id));
  list.value = kept.id;
  list.dispatchEvent(new Event("change", { bubbles: true }));
  tell(place, `${kept.title} is uploaded and chosen. Save to put it on air.`);
}
$$("[data-keeps]").forEach((place) => {
  const field = $("input[type=file]", place);
  field.addEventListener("change", async (event) => {
    event.stopPropagation();
    const file = field.files[0];
    field.value = "";
    if (!file) return;
    try {
      await take(place, file);
    } catch (error) {
      tell(place, "The server cannot be reached. Choose the file again in a moment.", true);
    }
  });
});
