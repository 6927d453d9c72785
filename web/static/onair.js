// The on-air desk: the moving program picture and sound meter, only while this tab is looked at.
(function () {
  "use strict";
  const PAUSE = 200, REST = 2000, OLD = 2;
  const db = (value) => `${Math.min(100, Math.max(0, ((Number(value) + 60) / 60) * 100))}%`;
  function meter(desk, text) {
    let level = null;
    try { level = text && JSON.parse(text); } catch (error) { level = null; }
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
    if (old) view.querySelector("[data-old] b").textContent = age < 90 ? `${Math.round(age)} s` : `${Math.round(age / 60)} min`;
  }
  async function follow(view) {
    const picture = view.querySelector("img");
    const url = view.dataset.picture;
    let etag = "", shown = "", heard = 0;
    for (;;) {
      let rest = PAUSE;
      if (document.visibilityState === "visible") {
        try {
          const answer = await fetch(url, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
          if (answer.status === 200) {
            etag = answer.headers.get("ETag") || "";
            meter(view, answer.headers.get("X-Gavel-Meter"));
            const next = URL.createObjectURL(await answer.blob());
            await new Promise((done) => { picture.onload = picture.onerror = done; picture.src = next; });
            if (shown) URL.revokeObjectURL(shown);
            shown = next;
          }
          if (answer.status === 200 || answer.status === 304) heard = Date.now() - 1000 * Number(answer.headers.get("X-Gavel-Age") || 0);
          if (answer.status === 204 || answer.status >= 500) rest = REST / 2;
          if (answer.redirected || answer.status === 401 || answer.status === 403) { window.location.reload(); return; }
        } catch (error) { rest = REST; }
        aged(view, Boolean(shown), (Date.now() - heard) / 1000);
      }
      await new Promise((done) => setTimeout(done, rest));
    }
  }
  document.querySelectorAll("[data-picture]").forEach(follow);
})();
