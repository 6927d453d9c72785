// The week grid: wall-clock strings in and out, drag and resize post a move, roles mended for readers.
(function () {
  "use strict";
  const { $, $$, token, say } = window.gavel;
  const box = $("#week");
  if (!box || !window.EventCalendar) return;
  const may = Boolean(box.dataset.may);

  // The library marks its boxes as tables and lists they are not; screen readers get regions instead.
  function mend() {
    for (const e of $$("[role]", box)) {
      if (/^(table|row|rowgroup|cell|columnheader|rowheader|list|listitem|grid|gridcell)$/.test(e.getAttribute("role"))) e.removeAttribute("role");
    }
    for (const e of $$("*", box)) {
      for (const name of ["aria-colcount", "aria-colindex", "aria-colspan", "aria-rowcount", "aria-rowindex", "aria-rowspan"]) e.removeAttribute(name);
    }
    for (const e of $$("section", box)) { e.tabIndex = 0; e.setAttribute("role", "region"); if (!e.ariaLabel) e.ariaLabel = "Hours of the days"; }
    for (const e of $$("article.ec-event", box)) {
      const body = $(".ec-event-body", e);
      if (!body || !e.hasAttribute("role")) continue;
      e.removeAttribute("role");
      e.removeAttribute("tabindex");
      body.setAttribute("role", "button");
      body.tabIndex = 0;
    }
  }
  const seconds = (d) => (d ? Math.round((d.days || 0) * 86400 + (d.seconds || 0)) : 0);
  // As config.times writes it: "7:00 PM" or "19:00", and noon as a word.
  const twelve = document.body.dataset.hours === "12";
  const clock = (d) => {
    const hour = d.getHours(), minute = two(d.getMinutes());
    if (!twelve) return `${two(hour)}:${minute}`;
    return hour === 12 && minute === "00" ? "noon" : `${hour % 12 || 12}:${minute} ${hour < 12 ? "AM" : "PM"}`;
  };
  const two = (n) => String(n).padStart(2, "0");
  const wall = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;

  // The library marks today by the browser's clock; the day that counts is the channel's.
  let today = "";
  function markToday() {
    for (const e of $$(".ec-today", box)) e.classList.remove("ec-today");
    const heads = $$("time[datetime]", box).filter((e) => /^\d{4}-\d\d-\d\d$/.test(e.getAttribute("datetime")));
    const days = [...new Set(heads.map((e) => e.getAttribute("datetime")))];
    for (const e of heads) if (e.getAttribute("datetime") === today) (e.closest(".ec-day-head, .ec-day") || e).classList.add("ec-today");
    const columns = $$(".ec-body .ec-day", box), at = days.indexOf(today), each = columns.length / (days.length || 1);
    if (at >= 0 && Number.isInteger(each)) columns.slice(at * each, (at + 1) * each).forEach((e) => e.classList.add("ec-today"));
  }

  function label(info) {
    const part = (name, text) => { const e = document.createElement("div"); e.className = name; e.textContent = text; return e; };
    const minutes = (info.event.end - info.event.start) / 60000;
    if (minutes < 20) return { domNodes: [part("visually-hidden", `${info.timeText} ${info.event.title}`)] };
    return { domNodes: [part("ec-event-time", info.timeText), part("ec-event-title", info.event.title)] };
  }

  // What clashes is not moved: the drawer asks what is to happen. Alt held while dragging makes a copy.
  async function post(info) {
    const event = info.event, extra = event.extendedProps, copying = info.jsEvent && info.jsEvent.altKey && extra.copy;
    // Only how far it was dragged is sent. Two wall times would say another length on a night when the clocks change.
    const form = new URLSearchParams({ version: extra.version, by: seconds(info.delta || info.startDelta), longer: seconds(info.endDelta) });
    if (event.resourceIds && event.resourceIds[0]) form.set("to", event.resourceIds[0]);
    const answer = await fetch(copying ? extra.copy : extra.move, { method: "POST", body: form, headers: { "X-CSRFToken": token, "HX-Request": "true" } }).catch(() => null);
    if (answer && answer.ok && answer.headers.get("HX-Redirect")) { window.location.assign(answer.headers.get("HX-Redirect")); return; }
    info.revert();
    if (answer && answer.status === 422) { ask(await answer.text()); return; }
    say((answer && answer.headers.get("X-Gavel-Says")) || "The server cannot be reached; nothing was moved.");
  }
  function ask(html) {
    const body = $("#drawer-body");
    body.innerHTML = html;
    window.htmx.process(body);
    window.bootstrap.Offcanvas.getOrCreateInstance($("#drawer")).show();
  }
  function open(url, from) {
    window.htmx.ajax("GET", url, { target: "#drawer-body", source: from || box });
  }

  fetch(box.dataset.events, { headers: { Accept: "application/json" } }).then((r) => r.json()).then((data) => {
    const calendar = window.EventCalendar.create(box, {
      view: "timeGridWeek",
      date: box.dataset.day,
      height: `${Math.max(420, Math.min(820, window.innerHeight - 220))}px`,
      firstDay: 1,
      headerToolbar: { start: "", center: "", end: "timeGridWeek,resourceTimeGridWeek,resourceTimeGridDay" },
      buttonText: { timeGridWeek: "Week", resourceTimeGridWeek: "Week, all channels", resourceTimeGridDay: "Day, all channels" },
      views: { resourceTimeGridWeek: { datesAboveResources: true } },
      resources: data.channels,
      events: data.events,
      eventFilter: (info) => info.view.type !== "timeGridWeek" || info.event.resourceIds.includes(box.dataset.channel),
      allDaySlot: false,
      slotDuration: "00:30",
      slotHeight: 22,
      snapDuration: "00:05",
      scrollTime: data.scroll,
      slotLabelFormat: clock,
      eventTimeFormat: clock,
      dayHeaderFormat: { weekday: "short", day: "numeric" },
      eventContent: label,
      eventDidMount: (info) => { info.el.title = `${info.timeText} ${info.event.title}`; },
      nowIndicator: false,
      editable: may,
      eventStartEditable: may,
      eventDurationEditable: may,
      selectable: Boolean(box.dataset.new),
      eventBackgroundColor: "#1a4480",
      eventClick: (info) => { if (info.event.extendedProps.show) open(info.event.extendedProps.show, info.el); },
      eventDrop: post,
      eventResize: post,
      select: (info) => {
        const to = info.resource ? info.resource.id : box.dataset.channel;
        const query = new URLSearchParams({ channel: to, day: wall(info.start).slice(0, 10), at: wall(info.start).slice(11, 16), minutes: Math.round((info.end - info.start) / 60000) });
        calendar.unselect();
        open(`${box.dataset.new}?${query}`);
      },
      viewDidMount: (info) => { box.closest(".split").classList.toggle("whole", info.view.type === "resourceTimeGridWeek"); mend(); markToday(); },
      eventAllUpdated: () => { mend(); markToday(); },
    });
    mend();
    today = data.today;
    markToday();
  }).catch(() => say("The week grid could not be drawn. The rundown beside it is complete."));
})();
