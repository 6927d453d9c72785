// The week grid: takes and sends wall-clock strings, posts a move after a drag, repairs roles for screen readers.
import { $, $$, token, say } from "./page.js";

const box = $("#week");
const may = Boolean(box.dataset.may);

// The library marks its boxes as tables and lists that they are not; give screen readers regions instead.
function mend() {
  for (const e of $$("[role]", box)) {
    if (
      /^(table|row|rowgroup|cell|columnheader|rowheader|list|listitem|grid|gridcell)$/.test(
        e.getAttribute("role"),
      )
    )
      e.removeAttribute("role");
  }
  for (const e of $$("*", box)) {
    for (const name of [
      "aria-colcount",
      "aria-colindex",
      "aria-colspan",
      "aria-rowcount",
      "aria-rowindex",
      "aria-rowspan",
    ])
      e.removeAttribute(name);
  }
  for (const e of $$("h4", box)) {
    e.setAttribute("role", "heading");
    e.setAttribute("aria-level", "2");
  }
  for (const e of $$("section", box)) {
    e.tabIndex = 0;
    e.setAttribute("role", "region");
    if (!e.ariaLabel) e.ariaLabel = "Hours of the days";
  }
  for (const e of $$("article.ec-event:not(.ec-bg-event)", box)) {
    const body = $(".ec-event-body", e);
    if (!body || body.hasAttribute("role")) continue;
    e.removeAttribute("role");
    e.removeAttribute("tabindex");
    body.setAttribute("role", "button");
    body.tabIndex = 0;
  }
}
// The library redraws a tile at any time and drops the repairs, so repair it again.
let due = 0;
new MutationObserver(() => {
  due =
    due ||
    requestAnimationFrame(() => {
      due = 0;
      mend();
    });
}).observe(box, { childList: true, subtree: true });
const seconds = (d) => (d ? Math.round((d.days || 0) * 86400 + (d.seconds || 0)) : 0);
// Write a time as config.times does: "7:00 PM" or "19:00", and noon as a word.
const twelve = document.body.dataset.hours === "12";
const clock = (d) => {
  const hour = d.getHours(),
    minute = two(d.getMinutes());
  if (!twelve) return `${two(hour)}:${minute}`;
  return hour === 12 && minute === "00"
    ? "noon"
    : `${hour % 12 || 12}:${minute} ${hour < 12 ? "AM" : "PM"}`;
};
const two = (n) => String(n).padStart(2, "0");
const wall = (d) =>
  `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;

// The library marks today by the browser's clock; mark the channel's today instead.
let today = "";
function markToday() {
  for (const e of $$(".ec-today", box)) e.classList.remove("ec-today");
  const heads = $$("time[datetime]", box).filter((e) =>
    /^\d{4}-\d\d-\d\d$/.test(e.getAttribute("datetime")),
  );
  const days = [...new Set(heads.map((e) => e.getAttribute("datetime")))];
  for (const e of heads)
    if (e.getAttribute("datetime") === today)
      (e.closest(".ec-day-head, .ec-day") || e).classList.add("ec-today");
  const columns = $$(".ec-body .ec-day", box),
    at = days.indexOf(today),
    each = columns.length / (days.length || 1);
  if (at >= 0 && Number.isInteger(each))
    columns.slice(at * each, (at + 1) * each).forEach((e) => e.classList.add("ec-today"));
}

// A tile may be drawn off its time (web/schedule/week_tiles.py); print its true time, also while it is dragged.
const off = (event, n) => 1000 * ((event.extendedProps.off || [0, 0])[n] || 0);
const hours = (event) => [
  new Date(+event.start + off(event, 0)),
  new Date(+event.end + off(event, 1)),
];
const part = (tag, name, ...inside) => {
  const e = document.createElement(tag);
  e.className = name;
  e.append(...inside);
  return e;
};
const LIGHTS = { amber: "check it", red: "cannot air" };
const MARKED = ["live", "replay", "slate", "proposal", "block", "bulletins"];
const LINE = 12,
  ROOMY = 48; // pixels: a line of a tile, as schedule.css has it, and a tile with lines to spare
let slot = 36;
const tall = (event) => ((event.end - event.start) / 1800000) * slot;

// Show kind by mark and word, time, and as many lines of the name as fit the tile.
function label(info) {
  const event = info.event,
    { kind, light, names } = event.extendedProps,
    [start, end] = hours(event);
  const word = part(
    "span",
    MARKED.includes(kind) ? "kind-word" : "visually-hidden",
    kind === "several" ? "" : kind,
  );
  const name = part("div", "ec-event-title", event.title);
  if (event.display === "background") {
    name.classList.add("kind", `kind-${kind}`);
    name.append(part("span", "visually-hidden", `, ${kind}`));
    name.style.setProperty("--lines", 2);
    name.style.marginBlockStart = `${(event.extendedProps.free / 1800) * slot}px`;
    return { domNodes: [name] };
  }
  const flag = LIGHTS[light]
    ? [part("span", `state state-${light}`, part("span", "visually-hidden", LIGHTS[light]))]
    : [];
  const list = info.view.type === "listWeek";
  if (names) name.append(part("span", "names", names.join(", ")));
  if (!list && tall(event) < ROOMY) {
    word.className = "visually-hidden";
    name.prepend(part("span", `tight kind kind-${kind}`, `${clock(start)} `, ...flag, word), " ");
    name.style.setProperty("--lines", Math.floor(tall(event) / LINE));
    return { domNodes: [name] };
  }
  const time = part(
    "div",
    `ec-event-time kind kind-${kind}`,
    part("span", "", clock(start), part("span", "till", `–${clock(end)}`)),
    word,
    ...flag,
  );
  name.style.setProperty("--lines", Math.max(1, Math.floor(tall(event) / LINE) - 2));
  return { domNodes: [time, name] };
}
function tooltip(event) {
  const { kind, light, why, names } = event.extendedProps,
    [start, end] = hours(event);
  const said = [
    `${clock(start)}–${clock(end)} ${event.title}`,
    kind === "several" ? names.join(", ") : kind,
  ];
  if (LIGHTS[light]) said.push(`${LIGHTS[light]}: ${why}`);
  return said.join("\n");
}
const GRID = /timeGrid/i;
function shows(view, event) {
  const only = event.extendedProps.view;
  if (only && (only === "grid") !== GRID.test(view.type)) return false;
  return /^resource/.test(view.type) || event.resourceIds.includes(box.dataset.channel);
}
// Begin a week's agenda with the day shown.
function toDay() {
  const main = $(".ec-list .ec-main", box),
    head = main && $(`time[datetime="${box.dataset.day}"]`, main);
  if (head) main.scrollTop = head.closest(".ec-day").offsetTop - main.offsetTop;
}

// An overlap moves nothing: the drawer asks what should happen. Alt held while dragging makes a copy.
async function post(info) {
  const event = info.event,
    extra = event.extendedProps,
    copying = info.jsEvent && info.jsEvent.altKey && extra.copy;
  // Send only the distance. Two wall times would give a wrong length on a night when the clocks change.
  const form = new URLSearchParams({
    version: extra.version,
    by: seconds(info.delta || info.startDelta),
    longer: seconds(info.endDelta),
  });
  if (event.resourceIds && event.resourceIds[0]) form.set("to", event.resourceIds[0]);
  const answer = await fetch(copying ? extra.copy : extra.move, {
    method: "POST",
    body: form,
    headers: { "X-CSRFToken": token, "HX-Request": "true" },
  }).catch(() => null);
  if (answer && answer.ok && answer.headers.get("HX-Redirect")) {
    window.location.assign(answer.headers.get("HX-Redirect"));
    return;
  }
  info.revert();
  if (answer && answer.status === 422) {
    ask(await answer.text());
    return;
  }
  say(
    (answer && answer.headers.get("X-Gavel-Says")) ||
      "The server cannot be reached; nothing was moved.",
  );
}
function ask(html) {
  const body = $("#drawer-body");
  body.innerHTML = html;
  window.htmx.process(body);
  window.bootstrap.Offcanvas.getOrCreateInstance($("#drawer")).show();
}
// Return the focus to the opened tile once the drawer closes, even if the library redrew it meanwhile.
const tiles = {};
let opened = "";
function open(url, id) {
  opened = id || "";
  window.htmx.ajax("GET", url, { target: "#drawer-body", source: box });
}
$("#drawer").addEventListener("hidden.bs.offcanvas", () => {
  const body = opened && tiles[opened] && $(".ec-event-body", tiles[opened]);
  opened = "";
  if (body) body.focus();
});

fetch(box.dataset.events, { headers: { Accept: "application/json" } })
  .then((r) => r.json())
  .then((data) => {
    slot = data.slot;
    const narrow = box.clientWidth < 560;
    const calendar = window.EventCalendar.create(box, {
      view: narrow ? "listWeek" : "timeGridWeek",
      date: box.dataset.day,
      height: `${Math.max(420, Math.min(820, window.innerHeight - 220))}px`,
      firstDay: 1,
      headerToolbar: {
        start: "",
        center: "",
        end: "timeGridWeek,listWeek,resourceTimeGridWeek,resourceTimeGridDay",
      },
      buttonText: {
        timeGridWeek: "Week",
        listWeek: "Agenda",
        resourceTimeGridWeek: "Week, all channels",
        resourceTimeGridDay: "Day, all channels",
      },
      views: { resourceTimeGridWeek: { datesAboveResources: true } },
      resources: data.channels,
      events: data.events,
      eventFilter: (info) => shows(info.view, info.event),
      allDaySlot: false,
      slotDuration: "00:30",
      slotHeight: slot,
      slotEventOverlap: false,
      columnWidth: "minmax(4rem, 1fr)",
      snapDuration: "00:05",
      scrollTime: data.scroll,
      slotLabelFormat: clock,
      eventTimeFormat: clock,
      dayHeaderFormat: { weekday: "short", day: "numeric" },
      listDayFormat: { weekday: "long" },
      listDaySideFormat: { day: "numeric", month: "long" },
      noEventsContent: "Nothing is planned in this week.",
      eventContent: label,
      eventDidMount: (info) => {
        info.el.title = tooltip(info.event);
        tiles[info.event.id] = info.el;
      },
      nowIndicator: false,
      editable: may,
      eventStartEditable: may,
      eventDurationEditable: may,
      selectable: Boolean(box.dataset.new),
      eventClick: (info) => {
        if (info.event.extendedProps.show) open(info.event.extendedProps.show, info.event.id);
      },
      eventDrop: post,
      eventResize: post,
      select: (info) => {
        const to = info.resource ? info.resource.id : box.dataset.channel;
        const query = new URLSearchParams({
          channel: to,
          day: wall(info.start).slice(0, 10),
          at: wall(info.start).slice(11, 16),
          minutes: Math.round((info.end - info.start) / 60000),
        });
        calendar.unselect();
        open(`${box.dataset.new}?${query}`);
      },
      viewDidMount: (info) => {
        box.closest(".split").classList.toggle("whole", info.view.type === "resourceTimeGridWeek");
        mend();
        markToday();
        toDay();
      },
      eventAllUpdated: () => {
        mend();
        markToday();
      },
    });
    mend();
    today = data.today;
    markToday();
    toDay();
  })
  .catch(() => say("The week grid could not be shown. The rundown beside it is complete."));
