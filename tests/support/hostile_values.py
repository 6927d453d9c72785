"""Hostile values for every entry point of the app, and a site to try them on.

Each try is a sensible request with one to three values replaced, so that most pass the first check
and reach the code behind it. All randomness comes from one seed: a try that breaks something is
repeated by its number.
"""

import json
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from jinja2 import FileSystemBytecodeCache
from support import malformed_requests
from support.desk import (
    CH13,
    NOW,
    PRODUCER,
    a_channel,
    a_proposal,
    a_source,
    an_airing,
    an_asset,
)
from support.website import Site, token_of
from werkzeug.routing import Rule

from config.clock import SimulatedClock
from config.settings import Settings
from playout.model.plan import Outcome, Plan
from playout.model.source import SourceReport
from playout.model.wire import AsRun, JournalEntry, Report, Status, decode, encode
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import filler, people, slide_proposals
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from scheduler.domain.model.slide import SlideDraft
from scheduler.process.publish import publish_changed
from scheduler.queries import grid
from scheduler.queries.host_api import published_plan
from web import create_app
from web.kit.forms import DeskForm

HOSTILE_TEXTS = (
    "", " ", "\x00", "a\x00b", "\x01", "\x0b", "\x1b[31m", "\x7f", "\u2028", "\u202e", "\ufeff",
    "é" * 121, "💥" * 90, "x" * 33, "x" * 130, "x" * 300, "x" * 6000, "<script>", "{{7*7}}", "%00",
    "%s%n", "../../etc/passwd", "' OR 1=1 --", "null", "true", "[]", "{}", "=1+1", "a,b;c\\",
    "-1", "0", "1", "2147483648", "-2147483649", "9223372036854775808", "9" * 30, "9" * 5000,
    "1e400", "nan", "inf", "-inf", "1_0", "١٢", "+1", "0x10", "1.5",
    "0001-01-01", "9999-12-31", "2199-12-31", "2149-12-31", "2000-01-01", "2026-02-30",
    "10000-01-01",
    "2026-W48-1", "20261125", "0001-W01", "9999-W52", "2026-W99", "2149-W52", "2000-W01",
    "24:00", "25:61", "10:00+05:00", "10:00:00.999999", "T10", "02:30", "00:00", "23:59:59",
    "99999:59:59", "99999", "0:00:01", "48:00", "24:00:00", "0",
    "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "2026-11-25T10:00:00",
    "v4l2:/dev/video0?audio=file:'|x',raw", "v4l2:/dev/../etc/passwd", "http://[::1",
    "https://a\nb",
    "http://" + "a" * 500, "javascript:alert(1)", "Yearly: February 30", "Day: 99999 January",
    "last monday of", "last", "99 99", "February 30", "US/Eastern", "../UTC", "UTC\x00",
    "1280x720@0/0", "99999999999x2@30", "1280x720@1/" + "9" * 400, "y", "all",
)  # fmt: skip
"""Values that no form offers."""

SENSIBLE_VALUES: dict[str, tuple[str, ...]] = {
    "title": ("Council", "Parks"), "name": ("Night owls", "Hall"),
    "day": ("2026-11-25", "2026-11-24"),
    "at": ("10:00", "18:30"), "until": ("20:00", "02:00"), "since": ("09:00",),
    "length": ("1:00", "0:30"),
    "wait_limit": ("0:30", ""), "start_rule": ("hard", "wait", "follow"),
    "end_rule": ("cut", "finish"),
    "missed": ("join", "top", "skip"), "kind": ("weekly", "weekday", "date", "year"),
    "weekdays": ("1",),
    "numbers": ("1", "Comcast 13"), "month_days": ("1, last",), "dates": ("July 4",),
    "every": ("1", "2"),
    "first": ("2026-11-23",), "last": ("2027-02-01", ""),
    "fill": ("rotation", "ordered", "bulletins"),
    "no_repeat": ("4:00",), "heading": ("Snow day",), "body": ("Council",), "seconds": ("10",),
    "shown_from": ("2026-11-23",), "shown_until": ("2026-12-23", ""), "style": ("plain",),
    "slug": ("ch15", "ch16"), "zone": ("America/New_York", "Europe/Paris"), "role": ("viewer",),
    "format": ("1280x720@30000/1001",), "repeat_minutes": ("60",), "address": ("test:", ""),
    "sound": ("stereo",), "gain_db": ("0", "-3"), "expects": ("",), "limiter": ("y",),
    "text": ("Boil water", "Veterans Day: November 11"), "minutes": ("30", "15"),
    "by": ("600", "1"),
    "longer": ("60",), "verb": ("take", "skip", "extend", "slate", "hold"),
    "placement": ("strip", "full"),
    "reason": ("Full",), "what": ("skip", "move", "add", "restore"),
    "way": ("cut", "ripple", "rules", "skip"),
    "to": ("2026-11-26", "ch14"), "week": ("2026-W48",), "reach": ("all", "some"),
    "size": ("1000",),
    "televised": ("y", ""), "count": ("2",), "within": ("14",), "earliest": ("09:00",),
    "latest": ("23:00",),
    "same_day": ("20:00", ""), "day_1": ("2", ""), "at_1": ("19:00",), "limit": ("23:30", ""),
    "version": ("1", "2"), "seen": ("1", "2", "3"), "agenda": ("https://city.example/a", ""),
    "link": ("https://city.example", ""), "watch": ("",), "split": ("",), "stood": ("",),
    "limit_stood": ("",),
    "public": ("y",), "q": ("council",), "before": ("5",), "after": ("0",), "login": ("ann",),
    "password": ("a short sentence of words",), "again": ("a short sentence of words",),
    "old": ("x",),
    "used": ("1", ""), "active": ("1", ""), "substitute": ("",), "opener": ("",), "closer": ("",),
}  # fmt: skip
RECORD_KINDS = (
    "channel", "airing", "asset", "program", "series", "meeting", "source", "block", "slide",
    "calendar", "proposal", "slide_proposal", "filler_proposal", "anchor", "person",
    "host", "session", "change", "upload", "token",
)  # fmt: skip
HOSTILE_JSON = (
    None, True, -1, 0, 1, 2**31, 2**63, 2**64, 10**30, 1e300, 0.5, "", "x", "x" * 130, "x" * 25_000,
    "\x00", "a\x07b", "\u2028", "\u202e", "\ud800", float("inf"), float("nan"),
    [], {}, [[]], {"x": 1}, "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2199-12-31T00:00:00Z", "2000-01-01T00:00:00Z", "2026-11-22T18:00:00", "2027-11-22T18:00:00Z",
    "PT0S", "P400D", "-P1D", "P99999999D", "deck", "aired", "ch14", "NaN", "1/0", "30000/1001",
    "take",
)  # fmt: skip
"""Values that a damaged or hostile broadcast machine might send."""


@dataclass
class Crash:
    """A failure: the number of the try, the request, and the traceback."""

    number: int
    request: str
    how: str


@dataclass
class FuzzedSite:
    """A site with one of everything, an administrator's browser, and the crashes found so far."""

    site: Site
    chance: random.Random
    key: dict[str, str]
    ids: dict[str, list[str]] = field(default_factory=dict)
    crashes: list[Crash] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    """Tries answered with each status."""
    sound: str = ""
    """The last valid report, reused until the plan is read again."""

    def refresh(self) -> None:
        """Sign in again, in case a try signed us out, and reread the ids."""
        self.boss = self.site.browser(Role.ADMINISTRATOR)
        self.token = {"X-CSRFToken": token_of(self.boss, "/bodies")}
        self.ids = _ids(self.site.db)


@contextmanager
def fuzzed_site(
    db: Database, folder: Path, seed: int, patch: pytest.MonkeyPatch
) -> Iterator[FuzzedSite]:
    """Give a site with one full channel and a second that is nearly empty."""
    patch.delenv("GAVEL_CONFIG", raising=False)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.setattr(people, "_hasher", quick)
    # A migration that another test ran has silenced every logger there was.
    for one in list(logging.root.manager.loggerDict.values()):
        if isinstance(one, logging.Logger):
            patch.setattr(one, "disabled", False)
    settings = Settings(data_dir=folder / "data", station="Test City", domain="tv.example")
    clock = SimulatedClock(NOW)
    app = create_app(settings, db, clock)
    app.testing = False
    # Each site has its own app; share the sixty compiled templates among them.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder.parent))
    site = Site(app, db, clock, settings)
    a_channel(db)
    a_channel(db, "ch14")
    fuzzed = FuzzedSite(site, random.Random(seed), site.host_key())
    fuzzed.refresh()
    _furnish(fuzzed)
    fuzzed.refresh()
    yield fuzzed


def _furnish(fuzzed: FuzzedSite) -> None:
    db, boss = fuzzed.site.db, fuzzed.boss
    asset, source = an_asset(db), a_source(db)
    an_airing(db, asset=asset.id)
    an_airing(db, NOW + timedelta(days=2), asset=asset.id, title="Later")
    a_proposal(db, NOW + timedelta(hours=5))
    slide_proposals.add(db, PRODUCER, NOW, SlideDraft("Leaf pickup", "", CH13, NOW))
    filler.propose(db, PRODUCER, NOW, CH13, asset.id, True)
    for path in ("/programs", "/series", "/meetings", "/blocks", "/bulletins", "/calendars"):
        form = {name: values[0] for name, values in SENSIBLE_VALUES.items()}
        form |= {"channel": CH13, "asset": asset.id, "source": source, "assets": asset.id}
        form |= {
            "program": "",
            "day": "2026-11-27",
            "text": SENSIBLE_VALUES["text"][1],
            "split": "",
            "length": "0:30",
        }
        if path == "/series":
            form["numbers"] = "1"
        answer = boss.post(path, data=form, headers=fuzzed.token)
        assert answer.status_code in (204, 302, 303), (path, answer.get_data(as_text=True)[:3000])
    publish_changed(db, NOW)


def _ids(db: Database) -> dict[str, list[str]]:
    """Return the ids of everything, by the name that URLs and fields use for it."""
    from sqlalchemy import select

    from scheduler.db.tables.base import Base

    tables = {table.name: table for table in Base.metadata.sorted_tables}
    found: dict[str, list[str]] = {}
    with db.read() as session:
        for kind in RECORD_KINDS:
            table = tables.get(kind)
            if table is None:
                continue
            first = next(iter(table.primary_key.columns))
            rows = session.execute(select(first).order_by(first.desc()).limit(6))
            found[kind] = [str(row[0]) for row in rows]
    found["proposal"] += found["slide_proposal"] + found["filler_proposal"]
    found["channel"] = ["ch13", "ch14"]
    found["to"] = ["ch14", "2026-11-26"]
    return found


def field_names() -> list[str]:
    """Return the name of every form field in the app."""
    names: set[str] = set(SENSIBLE_VALUES) | {
        "channel",
        "asset",
        "assets",
        "program",
        "source",
        "airing",
    }
    kinds = [DeskForm]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        names |= {name for name in dir(kind) if hasattr(getattr(kind, name), "field_class")}
    return sorted(names)


FIELD_NAMES = field_names()


def sensible_value(fuzzed: FuzzedSite, name: str) -> str:
    """Return a sensible value for a field or a URL part."""
    known = (
        fuzzed.ids.get(name)
        or fuzzed.ids.get(name.rstrip("s"))
        or SENSIBLE_VALUES.get(name)
        or ("y",)
    )
    return fuzzed.chance.choice(list(known))


def path_of(fuzzed: FuzzedSite, rule: Rule) -> str:
    """Return a path for the URL rule, with mostly sensible parts."""
    path = str(rule.rule)
    for name in rule.arguments:
        is_wild = fuzzed.chance.random() < 0.15
        text = fuzzed.chance.choice(HOSTILE_TEXTS) if is_wild else sensible_value(fuzzed, name)
        for written in (f"<{name}>", f"<int:{name}>", f"<path:{name}>"):
            path = path.replace(written, quote(text[:2000], safe="") or "-")
    return path


def rules(fuzzed: FuzzedSite) -> list[Rule]:
    """Return every URL rule except static files."""
    every = [rule for rule in fuzzed.site.app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(every, key=lambda rule: (rule.rule, rule.endpoint))


def form_try(fuzzed: FuzzedSite, number: int, every: list[Rule]) -> None:
    """Send one request to a random URL rule, with some values replaced."""
    chance = fuzzed.chance
    rule = chance.choice(every)
    method = chance.choice(sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}))
    path, args, form = path_of(fuzzed, rule), {}, {}
    for name in chance.sample(FIELD_NAMES, chance.randint(0, 3)):
        args[name] = (
            chance.choice(HOSTILE_TEXTS) if chance.random() < 0.5 else sensible_value(fuzzed, name)
        )
    if method != "GET" or rule.endpoint.endswith("preview"):
        form = {
            name: sensible_value(fuzzed, name) for name in FIELD_NAMES if chance.random() < 0.97
        }
        for name in chance.sample(FIELD_NAMES, chance.randint(0, 3)):
            form[name] = chance.choice(HOSTILE_TEXTS)
    if method == "GET":
        args |= form
    who = fuzzed.boss if chance.random() < 0.85 else fuzzed.site.visitor()
    sent: dict[str, Any] = {"method": method, "query_string": args}
    sent["headers"] = dict(fuzzed.key) if path.startswith("/api/") else dict(fuzzed.token)
    if method == "POST":
        sent["data"] = form
    if method == "PUT":
        sent["data"] = b"bytes"
    if chance.random() < 0.3:
        malformed_requests.malform(chance, sent, HOSTILE_TEXTS)
    fuzzed.answers[ask(fuzzed, number, who, path, **sent)] += 1


def ask(fuzzed: FuzzedSite, number: int, who: Any, path: str, **sent: Any) -> int:
    """Send a request, record a crash, and return the status."""
    with errors_logged() as errors:
        answer = who.open(path, **sent)
        answer.get_data()
        answer.close()
    is_crash = answer.status_code >= 500 and not says_unready(path, answer.status_code)
    if is_crash or errors:
        crash = Crash(number, f"{path[:200]} {_summary(sent)}"[:2500], "\n".join(errors)[-1800:])
        fuzzed.crashes.append(crash)
        print(crash.number, crash.request, crash.how, sep="\n", flush=True)
    return int(answer.status_code)


def says_unready(path: str, status: int) -> bool:
    """Tell whether an answer is the one by which `/readyz` says that something is amiss: a fuzzed
    station has no scheduler.
    """
    return status == 503 and path.partition("?")[0] == "/readyz"


def _summary(sent: dict[str, Any]) -> str:
    """Summarize a request, leaving out the sensible values of its form."""
    form = sent.get("data")
    body = _hostile_part(form) if isinstance(form, dict) else repr(form)[:600]
    more = {name: sent[name] for name in sent if name not in ("data", "query_string")}
    return f"{more!r:.600} {sent.get('query_string')!r:.600} {body}"


def _hostile_part(form: dict[str, str]) -> str:
    """Return the form fields whose value is not a sensible one."""
    return repr(
        {name: text for name, text in form.items() if text not in SENSIBLE_VALUES.get(name, ())}
    )


@contextmanager
def errors_logged() -> Iterator[list[str]]:
    """Collect every log line that is an error or has a traceback."""
    errors: list[str] = []

    class ErrorHandler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info or record.levelno >= logging.ERROR:
                errors.append(logging.Formatter().format(record))

    handler, root = ErrorHandler(), logging.getLogger()
    root.addHandler(handler)
    try:
        yield errors
    finally:
        root.removeHandler(handler)


def draw_every_page(fuzzed: FuzzedSite, number: int, every: list[Rule]) -> None:
    """Publish every plan and load every page and feed; record what breaks."""
    fuzzed.refresh()
    with errors_logged() as errors:
        publish_changed(fuzzed.site.db, fuzzed.site.clock.utc())
    if errors:
        fuzzed.crashes.append(Crash(number, "publishing", "\n".join(errors)[-1800:]))
    for rule in every:
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/"):
            names = [name for name in rule.arguments if name in RECORD_KINDS]
            for choice in range(2 if names else 1):
                path = str(rule.rule)
                for name in rule.arguments:
                    known = fuzzed.ids.get(name) or SENSIBLE_VALUES.get(name, ("-",))
                    one = known[choice % len(known)]
                    path = path.replace(f"<{name}>", one).replace(f"<int:{name}>", one)
                ask(fuzzed, number, fuzzed.boss, path)


def a_report(fuzzed: FuzzedSite) -> dict[str, Any]:
    """Return a valid report of a broadcast machine."""
    db, at = fuzzed.site.db, fuzzed.site.clock.utc()
    newest = published_plan(db, CH13)
    assert newest is not None
    plan = decode(Plan, newest.body)
    rundown = settle(plan, AirState(), at)
    cue = rundown.cues[0]
    source = SourceReport(fuzzed.ids["source"][0], None, True, at, recorded=1.0)
    status = Status(
        CH13, "playout-1", at, 1000, "deck", cue.id, cue.item, cue.title, cue.start, None, 1.0,
        plan.revision, 1, 1, 0, 0.0, problems=("a word",), next=rundown.cues[-1],
        meter={"left_db": -20.0, "ok": True}, sources=(source,),
    )  # fmt: skip
    airing = next(iter(grid.week(db, [CH13], at.date(), at).airings), None)
    run = AsRun(
        cue.id, cue.item, airing.airing.id if airing else None, "Council", at, at,
        at - timedelta(hours=1), at, 100, 0, 0, Outcome.AIRED, "deck", first_tick=5,
    )  # fmt: skip
    named = fuzzed.chance.getrandbits(40)
    entries = (
        JournalEntry(1, f"r{named}", at, "as-run", as_run=run),
        JournalEntry(2, f"a{named}", at, "alarm", text="a word"),
    )
    report: dict[str, Any] = json.loads(encode(Report(status, rundown, entries)))
    return report


def mutate(fuzzed: FuzzedSite, message: Any) -> Any:
    """Replace one to three values of the message, or add an unknown key. Return the message."""
    for _ in range(fuzzed.chance.randint(1, 3)):
        at = message
        while True:
            keys = [*at] if isinstance(at, dict) else [*range(len(at))]
            if not keys:
                break
            key = fuzzed.chance.choice(keys)
            if isinstance(at[key], dict | list) and at[key] and fuzzed.chance.random() < 0.85:
                at = at[key]
                continue
            at[key] = json.loads(json.dumps(fuzzed.chance.choice(HOSTILE_JSON)))
            if fuzzed.chance.random() < 0.03 and isinstance(at, dict):
                at["more"] = 1
            break
    return message


REPORT_PAGES = (
    "/channels/ch13/desk",
    f"/reports/ch13/{NOW.date()}",
    f"/reports/ch13/{NOW.date()}.csv",
    "/tv/ch13",
    "/schedule/ch13/2026-W47",
    "/ch13/lineup.ics",
)
"""Pages that show what a broadcast machine reported."""


def a_sound_report(fuzzed: FuzzedSite, number: int) -> Any:
    """Return a valid report with new journal ids; its plan may be a few tries old."""
    if not fuzzed.sound or number % 25 == 0:
        fuzzed.sound = json.dumps(a_report(fuzzed))
    report = json.loads(fuzzed.sound)
    for entry in report["entries"]:
        entry["id"] = f"{entry['id'][0]}{fuzzed.chance.getrandbits(40)}"
    return report


def spoil(chance: random.Random, body: bytes) -> bytes:
    """Replace one byte of the body with something that is not JSON."""
    place = chance.randrange(len(body))
    odd = chance.choice(
        (b"\xff", b"\x00", b"[" * 500, b'{"a":' * 100_000, b"NaN", b"1" * 5000, b"")
    )
    return body[:place] + odd + body[place + 1 :]


def host_try(fuzzed: FuzzedSite, number: int) -> None:
    """Send one report with some values replaced; if it was accepted, load a page that shows it."""
    chance = fuzzed.chance
    body = json.dumps(mutate(fuzzed, a_sound_report(fuzzed, number))).encode()
    sent: dict[str, Any] = {"method": "POST", "headers": dict(fuzzed.key)}
    sent["query_string"] = {
        name: chance.choice(HOSTILE_TEXTS)
        for name in ("plan", "expected", "acknowledged")
        if chance.random() < 0.2
    }
    sent["data"] = spoil(chance, body) if chance.random() < 0.1 else body
    if chance.random() < 0.1:
        malformed_requests.malform(chance, sent, HOSTILE_TEXTS)
    status = ask(fuzzed, number, fuzzed.site.visitor(), "/api/v1/host/ch13/report", **sent)
    fuzzed.answers[status] += 1
    if status == 200:
        ask(fuzzed, number, fuzzed.boss, chance.choice(REPORT_PAGES))
    if number % 125 == 124:
        for page in ("/", *REPORT_PAGES):
            ask(fuzzed, number, fuzzed.boss, page)
