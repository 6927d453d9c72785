// The on-air desk: the moving program picture and sound meter, only while this tab is looked at.
const PAUSE = 200,
  REST = 2000,
  OLD = 2;
const db = (value) => `${Math.min(100, Math.max(0, ((Number(value) + 60) / 60) * 100))}%`;
function meter(desk, text) {
  let level = null;
  try {
    level = text && JSON.parse(text);
  } catch (error) {
    level = null;
  }
  ["left_db", "right_db"].forEach((side) => {
    const bar = desk.querySelector(`[data-meter=${side}]`);
    const value = level && level[side] !== null && level[side] !== undefined ? level[side] : -60;
    bar.style.height = db(value);
    bar.classList.toggle("hot", value > -6);
  });
}
// A picture that is not of this moment is grey and says its age; one that never came is not drawn at all.
function aged(view, came, age) {
  const old = came && age > OLD;
  view.classList.toggle("old", old);
  view.querySelector(".unseen").hidden = came && !old;
  view.querySelector("[data-never]").hidden = came;
  view.querySelector("[data-old]").hidden = !old;
  if (old)
    view.querySelector("[data-old] b").textContent =
      age < 90 ? `${Math.round(age)} s` : `${Math.round(age / 60)} min`;
}
// What a source sends before air, in words: a person decides by it.
const WAITS = 20,
  FRESH = 5,
  HEARD = -50,
  PAUSES = 2;
function judge(view) {
  const told = view.parentElement.querySelector("[data-verdict]");
  let quiet = Date.now(),
    seen = 0,
    sound = 0,
    loud = 0;
  function verdict(at, fresh) {
    const whole = (since) => Math.floor((at - since) / 1000);
    if (fresh && sound)
      return ["ready", `A picture and sound for ${whole(Math.max(seen, sound))} s.`];
    if (fresh) return ["amber", `A picture for ${whole(seen)} s, but no sound.`];
    const waited = whole(quiet);
    if (waited < WAITS) return ["selected", `Waiting for its picture: ${waited} s.`];
    return [
      "amber",
      `No answer for ${waited} s: check that it is sending, that its address in Settings is right, and that the broadcast machine is online.`,
    ];
  }
  return (came, age, text) => {
    if (!told) return;
    const at = Date.now(),
      fresh = came && age < FRESH;
    let level = {};
    try {
      level = JSON.parse(text) || {};
    } catch (error) {
      level = {};
    }
    if (fresh && Math.max(level.left_db ?? -100, level.right_db ?? -100) > HEARD) loud = at;
    seen = fresh ? seen || at : 0;
    sound = fresh && at - loud < PAUSES * 1000 ? sound || at : 0;
    if (fresh) quiet = at;
    const [state, said] = verdict(at, fresh);
    told.className = `state state-${state}`;
    if (told.textContent !== said) told.textContent = said;
  };
}
const followed = new WeakSet();
async function follow(view) {
  if (followed.has(view)) return;
  followed.add(view);
  const judged = judge(view);
  const picture = view.querySelector("img");
  const url = view.dataset.picture;
  let etag = "",
    shown = "",
    heard = 0,
    level = "";
  while (view.isConnected) {
    let rest = PAUSE;
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(url, {
          headers: etag ? { "If-None-Match": etag } : {},
          cache: "no-store",
        });
        if (answer.status === 200) {
          etag = answer.headers.get("ETag") || "";
          level = answer.headers.get("X-Gavel-Meter");
          meter(view, level);
          const next = URL.createObjectURL(await answer.blob());
          await new Promise((done) => {
            picture.onload = picture.onerror = done;
            picture.src = next;
          });
          if (shown) URL.revokeObjectURL(shown);
          shown = next;
        }
        if (answer.status === 200 || answer.status === 304)
          heard = Date.now() - 1000 * Number(answer.headers.get("X-Gavel-Age") || 0);
        if (answer.status === 204 || answer.status >= 500) rest = REST / 2;
        if (answer.redirected || answer.status === 401 || answer.status === 403) {
          window.location.reload();
          return;
        }
      } catch (error) {
        rest = REST;
      }
      aged(view, Boolean(shown), (Date.now() - heard) / 1000);
      judged(Boolean(shown), (Date.now() - heard) / 1000, level);
    }
    await new Promise((done) => setTimeout(done, rest));
  }
}
const all = () => document.querySelectorAll("[data-picture]").forEach(follow);
document.addEventListener("htmx:afterSettle", all);
// Another source is chosen: its picture begins anew, and the loop of the one before ends.
document.addEventListener("change", (event) => {
  const sheet =
    event.target.closest("form") && event.target.closest("form").querySelector("[data-look]");
  if (!sheet || event.target.name !== "source") return;
  const fresh = sheet.cloneNode(true);
  fresh.dataset.picture = fresh.dataset.look.replace("SOURCE", event.target.value);
  fresh.querySelector("img").removeAttribute("src");
  fresh.classList.remove("old");
  fresh.querySelector(".unseen").hidden = fresh.querySelector("[data-never]").hidden = false;
  fresh.querySelector("[data-old]").hidden = true;
  sheet.replaceWith(fresh);
  follow(fresh);
});
all();
