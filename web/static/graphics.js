// The page of a channel's graphics: a logo is uploaded and chosen at once.
import { $, put, token } from "./page.js";

const form = $("#graphics"),
  place = $("[data-logo]"),
  file = $("input[type=file]", place),
  word = $("[data-logo-word]", place);

function tell(text, wrong) {
  word.classList.toggle("wrong", Boolean(wrong));
  put(word, text);
}
async function take(picture) {
  if (picture.size > Number(place.dataset.largest)) {
    tell(`${picture.name} is larger than ${place.dataset.largest / 1048576} MB.`, true);
    return;
  }
  tell("Checking the picture…");
  const answer = await fetch(`${place.dataset.logo}?name=${encodeURIComponent(picture.name)}`, {
    method: "POST",
    headers: { "X-CSRFToken": token, "Content-Type": "application/octet-stream" },
    body: picture,
  });
  if (!answer.ok) {
    const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    const why = answer.headers.get("X-Gavel-Says") || (plain && (await answer.text()));
    tell(why || "The server refused the picture.", true);
    return;
  }
  const kept = await answer.json();
  form.elements.logo.add(new Option(kept.title, kept.id));
  form.elements.logo.value = kept.id;
  form.elements.logo.dispatchEvent(new Event("change", { bubbles: true }));
  tell(`${kept.title} is uploaded and chosen. Save to put it on air.`);
}
file.addEventListener("change", async () => {
  const picture = file.files[0];
  file.value = "";
  if (!picture) return;
  try {
    await take(picture);
  } catch (error) {
    tell("The server cannot be reached. Choose the picture again in a moment.", true);
  }
});
