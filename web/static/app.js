// What every page shares: tokens, clocks, dialogs, keyboard, drawer. No library but htmx and Bootstrap.
(function () {
  "use strict";
  const $ = (selector, from) => (from || document).querySelector(selector);
  const $$ = (selector, from) => Array.from((from || document).querySelectorAll(selector));
  const token = ($("meta[name=csrf-token]") || {}).content || "";
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = token;
    const rev = event.detail.target && $("[data-rev]", event.detail.target);
    if (rev && event.detail.verb === "get") event.detail.headers["X-Gavel-Rev"] = rev.dataset.rev;
  });
  // A polled part never changes under a dialog, under a finger or while something is half typed in it, not even by an
  // answer that was asked for before. What is unfolded in it stays so; an id gives the focus back.
  const polled = (part) => /every/.test(part.getAttribute("hx-trigger") || "");
  const typed = (field) => field === document.activeElement || field.value !== field.defaultValue;
  const used = (part) => $("dialog[open]") || part.matches(":active") || $$("input, textarea", part).some(typed);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (polled(part) && !event.detail.requestConfig.triggeringEvent && (document.hidden || used(part))) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.target;
    if (!polled(part)) return;
    if (event.detail.requestConfig.elt === part && used(part)) event.detail.shouldSwap = false;
    part.unfolded = $$("details[open][id]", part);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    (event.detail.target.unfolded || []).forEach((e) => { const now = document.getElementById(e.id); if (now) now.open = true; });
  });
  // A refused form comes back as 422 with its fields marked: show it where it was.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:responseError", (event) => {
    say(event.detail.xhr.getResponseHeader("X-Gavel-Says") || "That did not work. Reload the page and try again.");
  });
  document.addEventListener("htmx:sendError", () => say("The server cannot be reached. What is on air continues without it."));

  // A press answers in its own place before the server does; what becomes of it comes with the next look.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.requestConfig.verb === "post" && $(".acts button, [data-press]", event.detail.elt);
    if (!button || !event.detail.elt.closest(".acts, [data-presses]")) return;
    button.classList.add("pressed");
    put($("small", button) || button, "Sending…");
  });

  function say(text) {
    const box = $("#says");
    if (!box) return;
    const note = document.createElement("div");
    note.className = "note note-person";
    note.textContent = text;
    box.replaceChildren(note);
  }

  // Clocks. The page carries the server's time once; the browser counts from there.
  const skew = Number(document.body.dataset.now || Date.now()) - Date.now();
  const now = () => Date.now() + skew;
  const formats = {};
  function zoned(zone) {
    if (!formats[zone]) {
      const twelve = document.body.dataset.hours === "12";
      const written = new Intl.DateTimeFormat(twelve ? "en-US" : "en-GB", { timeZone: zone, hour: twelve ? "numeric" : "2-digit", minute: "2-digit", second: "2-digit", hourCycle: twelve ? "h12" : "h23" });
      const named = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" });
      const letters = (at) => named.formatToParts(at).find((part) => part.type === "timeZoneName").value;
      // The night on which an hour comes twice, the zone stands beside it, as config.times writes it.
      const plain = (at) => written.format(at).replace(/\s/g, " ");
      formats[zone] = (at) => (plain(at) === plain(at + 3600000) || plain(at) === plain(at - 3600000) ? `${plain(at)} ${letters(at)}` : plain(at));
    }
    return formats[zone];
  }
  // Time that runs is always written in three parts, so that 8:00 is never read as eight hours.
  function length(ms) {
    const total = Math.max(0, Math.ceil(ms / 1000));
    const h = Math.floor(total / 3600), m = Math.floor(total / 60) % 60, s = total % 60;
    const two = (n) => String(n).padStart(2, "0");
    return `${h}:${two(m)}:${two(s)}`;
  }
  function put(element, text) { if (element.textContent !== text) element.textContent = text; }
  function tick() {
    const at = now();
    $$("[data-clock]").forEach((e) => put(e, zoned(e.dataset.clock)(at)));
    $$("[data-until]").forEach((e) => put(e, length(Number(e.dataset.until) - at)));
    $$("[data-since]").forEach((e) => put(e, length(at - Number(e.dataset.since))));
    $$("[data-lane]").forEach((e) => {
      const [start, end] = e.dataset.lane.split(",").map(Number);
      e.style.width = `${Math.min(100, Math.max(0, (100 * (at - start)) / (end - start)))}%`;
    });
    $$("[data-age]").forEach((e) => {
      const seconds = Math.max(0, Math.round((at - Number(e.dataset.age)) / 1000));
      put(e, seconds < 5 ? "just now" : seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`);
    });
  }
  setInterval(tick, 250);
  document.addEventListener("htmx:afterSettle", tick);
  tick();

  // Dialogs: a button with data-confirm shows the consequence before anything is sent.
  let waiting = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    const dialog = $("#confirm");
    if (!button || button === waiting || !dialog) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    $("h2", dialog).textContent = button.dataset.confirm;
    $("p", dialog).textContent = button.dataset.consequence || "";
    $("[value=yes]", dialog).textContent = button.dataset.yes || "Yes";
    $("[value=no]", dialog).textContent = button.dataset.no || "Cancel";
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") { waiting = button; button.click(); waiting = null; }
      else button.focus();
    };
    dialog.showModal();
  }, true);

  // Drawer: htmx fills it, Bootstrap opens it. Bootstrap takes the focus to itself a moment after, so a drawer's first
  // field is marked data-first and is given the focus once, then: autofocus would have it taken away in mid-word.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "drawer-body") return;
    stood = $("#drawer").classList.contains("show");
    // What had the focus may be gone with what stood there: without one inside, Escape would not close the drawer.
    if (stood && !drawer.contains(document.activeElement)) drawer.focus();
    window.bootstrap.Offcanvas.getOrCreateInstance($("#drawer")).show();
  });
  // Until htmx has settled, a field wears the attributes of the one it replaces, and none is marked as wrong.
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target.id === "drawer-body" && stood) begin(); });
  const drawer = $("#drawer");
  let opener = null, stood = false;
  function begin() { const first = $(".is-wrong, [data-first]", drawer); if (first) first.focus(); }
  if (drawer) {
    document.addEventListener("htmx:beforeRequest", (event) => {
      if (event.detail.target.id === "drawer-body" && !drawer.contains(event.target)) opener = event.target;
    });
    drawer.addEventListener("hidden.bs.offcanvas", () => { if (opener && opener.isConnected) opener.focus(); });
    drawer.addEventListener("shown.bs.offcanvas", begin);
  }

  // Keyboard.
  function rows() { return $$("tr[data-row]"); }
  function step(by) {
    const all = rows(), here = all.indexOf(document.activeElement.closest("tr[data-row]"));
    const next = all[here < 0 ? Math.max(0, all.findIndex((r) => !r.classList.contains("past"))) : here + by];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  }
  const keys = {
    "?": () => $("#keys").showModal(),
    "/": () => { const search = $("[data-search]"); if (search) search.focus(); },
    "u": () => { const undo = $("[data-undo]"); if (undo) undo.click(); },
    "n": () => { const add = $("[data-add]"); if (add) add.click(); },
    "ArrowDown": () => step(1), "ArrowUp": () => step(-1), "j": () => step(1), "k": () => step(-1),
    "Enter": () => { const row = document.activeElement.closest("tr[data-row]"); if (row && row === document.activeElement) row.click(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (event.key.startsWith("Arrow") && (!rows().length || (drawer && drawer.contains(event.target)))) return;
    const act = keys[event.key];
    if (!act || (event.key === "Enter" && !event.target.matches("tr[data-row]"))) return;
    event.preventDefault();
    act();
  });

  const here = $("[data-here]");
  if (here && here.getBoundingClientRect().top > window.innerHeight * 0.8) here.scrollIntoView({ block: "center" });

  // Small conveniences.
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => { put(copy, "Copied"); });
    }
    if (event.target.closest("[data-keys]")) $("#keys").showModal();
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-submit-on-change]");
    if (form) form.requestSubmit();
  });
  function sift(filter) {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = $$(filter.dataset.filter);
    all.forEach((e) => { e.hidden = !words.every((w) => e.textContent.toLowerCase().includes(w)); });
    // A search that finds nothing says so: a blank page looks broken.
    $$("[data-nothing]").forEach((e) => { e.hidden = !all.length || all.some((one) => !one.hidden); });
  }
  document.addEventListener("input", (event) => { const filter = event.target.closest("[data-filter]"); if (filter) sift(filter); });
  document.addEventListener("htmx:afterSettle", () => $$("[data-filter]").forEach(sift));
  function count(field) {
    const told = document.getElementById(field.dataset.count);
    if (told) told.textContent = `${field.value.length} of ${field.maxLength} characters`;
  }
  document.addEventListener("input", (event) => { if (event.target.matches("[data-count]")) count(event.target); });
  $$("[data-count]").forEach(count);
  function show() {
    $$("[data-shown-when]").forEach((e) => {
      const [name, value] = e.dataset.shownWhen.split("=");
      const field = e.closest("form").elements[name];
      if (field) e.hidden = !value.split("|").includes(field.value);
    });
  }
  document.addEventListener("change", show);
  document.addEventListener("htmx:afterSettle", show);
  show();
  window.gavel = { now, say, token, $, $$ };
})();
