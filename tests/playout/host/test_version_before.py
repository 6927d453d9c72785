"""What a broadcast machine of the version before left on its disk, read by this version.

`tests/kept/host` was written by the last version whose cues had no origin: plan, rundown and
journal of ten hours of one channel, with a meeting, a slate, an override and a take by hand, a
power cut, a broken file and a lost signal. `state.json` is the state which that version folded
from its journal, and `settled.json` the rundown it made of that state for the next twelve hours.
`tests/kept/wire.schema.json` says what that version reads, as JSON schemas.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from support.plans import DAY, item, media, plan

from config.names import AiringId, AssetKey
from media.store import MediaStore
from playout.host.journal import Journal
from playout.host.library import Library
from playout.model.announced import Announced
from playout.model.caption_status import CaptionKind, CaptionStatus
from playout.model.commands import Command, Verb
from playout.model.cue_ids import Origin
from playout.model.events import On
from playout.model.graphic_events import BugSet, Keyed
from playout.model.graphics import Bug, ClockFace, Crawl, GraphicsRules, LowerThird, Stretch
from playout.model.look import StationLook, StyleColours
from playout.model.loudness import DayLoudness, Measured
from playout.model.pair import PairStatus
from playout.model.plan import CaptionFile, Media, Page, Plan
from playout.model.rundown import Cue, Rundown
from playout.model.wire import (
    READS,
    READS_UNNAMED,
    Ack,
    AsRun,
    Commands,
    JournalEntry,
    Report,
    Status,
    decode,
    encode,
)
from playout.model.wire_before import ack_for, commands_for, encode_report, plan_for
from playout.state.air_state import AirState
from playout.timing.replays import resolve_replays
from playout.timing.settle import settle

KEPT = Path(__file__).parents[2] / "kept"
HOST = KEPT / "host"
ALONE = 12
"""What servers read that know of one machine of a channel."""
LAST, BEFORE = 4, 3
"""What the servers of the last version and of the one before it say that they read."""
THIRD = LowerThird("g", "Ann Lee")
NEW = {"origin", "planned"}
"""Fields of a cue that the version before does not have."""


def without_new(value: Any) -> Any:
    """The JSON value without the fields that the version before does not have."""
    if isinstance(value, dict):
        new = NEW if "origin" in value else set()
        return {name: without_new(one) for name, one in value.items() if name not in new}
    return [without_new(one) for one in value] if isinstance(value, list) else value


def kept_json(name: str) -> Any:
    return json.loads((HOST / name).read_text())


def cues_of(rundown: Rundown) -> Iterator[tuple[str, Origin, datetime | None]]:
    for cue in rundown.cues:
        yield cue.id, cue.origin, cue.planned


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    for file in HOST.glob("journal.*"):
        shutil.copy(file, tmp_path / file.name)
    return Journal(tmp_path / "journal.jsonl")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "kept").mkdir()
    for name in ("plan.json", "expected.json"):
        shutil.copy(HOST / name, tmp_path / "kept" / name)
    return Library(tmp_path / "kept", MediaStore(tmp_path / "media"))


def test_its_plan_says_the_same(library: Library) -> None:
    plan = library.plan("ch13")

    assert plan is not None
    assert json.loads(plan_for(encode(plan), BEFORE)) == kept_json("plan.json")


def test_its_rundown_says_the_same_and_each_cue_knows_where_it_comes_from(
    library: Library,
) -> None:
    rundown = library.rundown()

    assert rundown is not None
    assert without_new(json.loads(encode(rundown))) == kept_json("expected.json")
    for cue in rundown.cues:
        planned = cue.item is not None and cue.origin is not Origin.TAKE
        assert (cue.origin is Origin.PLANNED) is planned, cue.id
        assert (cue.planned is not None) is (planned or cue.origin is Origin.FILL), cue.id


def test_its_journal_holds_every_kind_of_cue(journal: Journal) -> None:
    on = [entry.fact.cue for entry in journal.kept() if isinstance(entry.fact, On)]

    assert Counter(cue.origin for cue in on) == {
        Origin.PLANNED: 6, Origin.FILL: 24, Origin.TAKE: 2,
        Origin.OVERRIDE: 1, Origin.SLATE: 1, Origin.OFF_AIR: 1,
    }  # fmt: skip


def test_its_journal_folds_to_the_state_that_it_had(journal: Journal) -> None:
    state = TypeAdapter(AirState).dump_python(journal.state, mode="json")

    assert without_new(state) == kept_json("state.json")


def test_a_state_written_beside_the_journal_is_the_one_folded_from_all_of_it(
    journal: Journal, tmp_path: Path
) -> None:
    (tmp_path / "journal.snapshot").unlink()

    assert Journal(tmp_path / "journal.jsonl").state == journal.state


def test_its_plan_settles_to_the_times_that_it_had(journal: Journal, library: Library) -> None:
    plan, now = library.plan("ch13"), journal.last_instant
    assert plan is not None and now is not None
    state = journal.state
    rundown = settle(resolve_replays(plan, state), state, now, horizon=now + timedelta(hours=12))

    assert without_new(json.loads(encode(rundown))) == kept_json("settled.json")


def test_what_is_read_from_an_id_is_what_this_version_writes(
    journal: Journal, library: Library
) -> None:
    plan, now = library.plan("ch13"), journal.last_instant
    assert plan is not None and now is not None
    rundown = settle(resolve_replays(plan, journal.state), journal.state, now)
    before = decode(Rundown, json.dumps(without_new(json.loads(encode(rundown)))))

    assert list(cues_of(before)) == list(cues_of(rundown))


def report_of(journal: Journal, rundown: Rundown) -> Report:
    """All that a report may hold, with cues in each of its three places."""
    entries = tuple(journal.kept())
    cue = rundown.cues[0]
    row = next(entry.as_run for entry in entries if entry.as_run is not None)
    status = Status(
        rundown.channel, "host-1", cue.start, 0, "deck", cue.id, cue.item, cue.title, cue.start,
        cue.end, 0.0, rundown.revision, 1, 1, 0, 0.0, next=rundown.cues[1], running=(row,),
    )  # fmt: skip
    return Report(status, rundown, entries)


def schema(kind: type) -> Any:
    return json.loads((KEPT / "wire.schema.json").read_text())[kind.__name__]


def names_no_other_field(value: Any, rule: Any, whole: Any) -> bool:
    """Whether the schema knows each field that the value names."""
    if "$ref" in rule:
        rule = whole["$defs"][rule["$ref"].rpartition("/")[2]]
    some = rule.get("anyOf") or rule.get("oneOf")
    if some:
        return any(names_no_other_field(value, one, whole) for one in some)
    if isinstance(value, list):
        rules = rule.get("items")
        return rules is None or all(names_no_other_field(one, rules, whole) for one in value)
    fields = rule.get("properties")
    if not isinstance(value, dict) or fields is None:
        return not isinstance(value, dict) or rule.get("type") == "object"
    return set(value) <= set(fields) and all(
        names_no_other_field(one, fields[name], whole) for name, one in value.items()
    )


@pytest.mark.parametrize("reads", [READS_UNNAMED, BEFORE])
def test_a_server_of_a_version_before_is_sent_no_field_that_it_refuses(
    journal: Journal, library: Library, reads: int
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    report = report_of(journal, rundown)
    body = encode_report(report, reads)
    told = json.loads(body)

    assert names_no_other_field(told, schema(Report), schema(Report))
    assert ("running" in told["status"]) is (reads == BEFORE)
    if reads == BEFORE:
        assert told == without_new(json.loads(encode(report)))
        assert decode(Report, body) == report, "all of it can be read from the ids"


def test_a_server_of_the_last_version_hears_nothing_of_graphics(
    journal: Journal, library: Library
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    plain = report_of(journal, rundown)
    now, pressed = rundown.starts, plain.status.at
    given = Command("c", 0, Verb.BUG_OFF, pressed, pressed, "ann")
    said = (
        JournalEntry(7, "7-a", now, "fact", fact=Keyed(THIRD, now, "ann")),
        JournalEntry(8, "8-a", now, "command", command=given),
        JournalEntry(9, "9-a", now, "fact", fact=BugSet(False, now, "ann")),
    )
    keyed = replace(
        plain, status=replace(plain.status, graphics=("bug",)), entries=(*plain.entries, *said)
    )
    told = decode(Report, encode_report(keyed, LAST))

    assert commands_for((given,), READS) == (given,) and commands_for((given,), LAST) == ()
    assert decode(Report, encode_report(keyed, READS)) == keyed
    assert (told.status, told.entries[:-3]) == (plain.status, plain.entries)
    assert told.entries[-3:] == tuple(
        JournalEntry(one.number, one.id, one.at, "fact") for one in said
    )


def test_a_server_that_knows_of_one_machine_hears_nothing_of_a_second(
    journal: Journal, library: Library
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    plain = report_of(journal, rundown)
    at = plain.status.at
    moved = Command("m", 3, Verb.MOVE, at, at, "ann", machine="b-1")
    pair = PairStatus("a-1", True, "sending", term=4)
    said = JournalEntry(7, "command:m", at, "command", command=moved)
    paired = replace(plain, status=replace(plain.status, pair=pair), entries=(*plain.entries, said))
    before = decode(Report, encode_report(paired, ALONE))

    assert decode(Report, encode_report(paired, READS)) == paired
    assert before.status == plain.status
    assert before.entries == (*plain.entries, JournalEntry(7, "command:m", at, "fact"))
    assert commands_for((moved,), READS) == (moved,) and commands_for((moved,), ALONE) == ()
    assert b"machine" not in encode(replace(moved, machine=None))


def test_a_server_of_the_version_before_hears_nothing_of_captions_on_air(
    journal: Journal, library: Library
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    plain = report_of(journal, rundown)
    captions = CaptionStatus(CaptionKind.FILE, 40, 38)
    told = replace(plain, status=replace(plain.status, captions=captions))

    assert decode(Report, encode_report(told, READS)) == told
    assert decode(Report, encode_report(told, 7)) == plain


def test_a_server_of_the_last_version_hears_nothing_of_loudness(
    journal: Journal, library: Library
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    plain = report_of(journal, rundown)
    days = (DayLoudness(plain.status.at.date(), 60.0, -24.0, -2.1, plain.status.at, -24.0),)
    told = replace(plain, status=replace(plain.status, loudness=days, graphics=("bug",)))

    assert decode(Report, encode_report(told, READS)) == told
    knows_graphics = decode(Report, encode_report(told, 6)).status
    assert (knows_graphics.loudness, knows_graphics.graphics) == ((), ("bug",))


def test_a_server_of_the_last_version_hears_nothing_of_the_loudness_of_airings(
    journal: Journal, library: Library
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    plain, at = report_of(journal, rundown), rundown.starts
    heard = Measured(rundown.cues[0].id, at, 60.0, -24.0, -2.1)
    said = JournalEntry(7, heard.entry, at, "fact", fact=heard)
    told = replace(plain, entries=(*plain.entries, said))

    assert decode(Report, encode_report(told, READS)) == told
    assert decode(Report, encode_report(told, 10)).entries[-1] == replace(said, fact=None)


def test_an_upgraded_server_is_sent_all_of_it(journal: Journal, library: Library) -> None:
    rundown = library.rundown()
    assert rundown is not None
    report = report_of(journal, rundown)

    assert decode(Report, encode_report(report, READS)) == report
    assert not names_no_other_field(
        json.loads(encode_report(report, READS)), schema(Report), schema(Report)
    )


def test_a_host_of_the_version_before_reads_what_this_server_answers() -> None:
    now = TypeAdapter(Commands).json_schema()

    assert fields_of(now) == fields_of(schema(Commands)), "no cue is among a server's answers"


def test_a_host_of_the_version_before_reads_how_this_server_acknowledges() -> None:
    ack = Ack(3, False, 1, 0, scheduler_away=True)
    for reads in (READS_UNNAMED, BEFORE, ALONE - 1):
        sent = json.loads(encode(ack_for(ack, reads), lean=True))
        assert names_no_other_field(sent, schema(Ack), schema(Ack))


FILE = Media(AssetKey("d" * 64), ".png", 10, timedelta(0), None, has_sound=False)
CAPTIONS = CaptionFile(AssetKey("c" * 64), 100)


def captioned(library: Library) -> Plan:
    """The kept plan, each of its files with captions."""
    plan = library.plan("ch13")
    assert plan is not None
    return replace(
        plan,
        items=tuple(replace(one, media=with_captions(one.media)) for one in plan.items),
        filler=tuple(replace(clip, captions=CAPTIONS) for clip in plan.filler),
    )


def with_captions(media: Media | None) -> Media | None:
    return replace(media, captions=CAPTIONS) if media is not None else None


@pytest.mark.parametrize("reads", [READS_UNNAMED, BEFORE])
def test_a_host_of_the_version_before_gets_a_plan_without_the_captions_that_it_refuses(
    library: Library, reads: int
) -> None:
    plan, body = library.plan("ch13"), encode(captioned(library))

    assert names_no_other_field(json.loads(plan_for(body, reads)), schema(Plan), schema(Plan))
    assert decode(Plan, plan_for(body, reads)) == plan


def with_layouts(plan: Plan) -> Plan:
    """The plan with all that bulletins have since: a code, an automatic page, a look."""
    page = Page("p1", "Leaves", "Bags out.", 10.0, plan.starts, plan.ends)
    code = replace(page, layout="qr", link="https://a.example", second="a.example", picture=FILE)
    week = replace(page, id="week", heading="", body="", layout="week")
    told = Announced(AiringId("a1"), "Council", plan.starts, timedelta(hours=1), live=True)
    look = StationLook((StyleColours("plain", "#000000", "#ffffff", "#ffffff"),))
    return replace(
        plan, board=(code, week), look=look, zone="Europe/Berlin", hours="24", announced=(told,)
    )


@pytest.mark.parametrize("reads", [READS_UNNAMED, BEFORE])
def test_a_host_of_the_version_before_gets_bulletins_as_text_and_no_automatic_page(
    library: Library, reads: int
) -> None:
    before = library.plan("ch13")
    assert before is not None
    plan = with_layouts(before)
    sent = json.loads(plan_for(encode(plan), reads))

    assert names_no_other_field(sent, schema(Plan), schema(Plan))
    assert [page["heading"] for page in sent["board"]] == ["Leaves"]
    assert decode(Plan, encode(plan)) == plan


def test_a_host_without_a_keyer_gets_a_plan_without_graphics(library: Library) -> None:
    plan = captioned(library)
    keyed = replace(
        plan,
        items=tuple(replace(one, graphics=(THIRD,), replay=True) for one in plan.items),
        graphics=GraphicsRules(bug=Bug("13")),
        pictures=plan.filler[:1],
    )

    assert decode(Plan, plan_for(encode(keyed), 5)) == plan
    assert decode(Plan, plan_for(encode(keyed), READS)) == keyed


def test_a_host_that_knows_no_names_for_captions_gets_the_rest_of_the_graphics(
    library: Library,
) -> None:
    rules = GraphicsRules(caption_lives=True)
    plan = replace(captioned(library), graphics=rules)
    named = replace(plan, graphics=replace(rules, caption_names=("Kraus",)))

    assert decode(Plan, plan_for(encode(named), 8)) == plan
    assert b"caption_names" not in plan_for(encode(named), 8)
    assert decode(Plan, plan_for(encode(named), READS)) == named


def test_a_host_that_knows_no_hours_shows_a_crawl_once_and_the_clock_always(
    library: Library,
) -> None:
    plan, hour = captioned(library), timedelta(hours=1)
    at, ends = plan.starts, plan.starts + hour
    news = Crawl("news", "Elm Street is closed.", begins=at, ends=ends)
    rules = GraphicsRules(clock=ClockFace(), crawls=(news,), caption_names=("Kraus",))
    plan = replace(plan, graphics=rules)
    hours = replace(
        rules,
        clock=ClockFace(hours=(Stretch(at, ends),)),
        crawls=(replace(news, every=hour / 4),),
    )
    sent = encode(replace(plan, graphics=hours))

    assert decode(Plan, plan_for(sent, 12)) == plan
    assert decode(Plan, plan_for(sent, 8)).graphics == replace(rules, caption_names=())
    assert decode(Plan, plan_for(sent, READS)).graphics == hours
    assert b'"every"' not in encode(plan), "an empty field is not sent at all"


def test_a_host_of_this_version_gets_the_plan_with_captions(library: Library) -> None:
    plan = captioned(library)

    assert decode(Plan, plan_for(encode(plan), READS)) == plan
    assert CAPTIONS in {one.media.captions for one in plan.items if one.media is not None}


@pytest.mark.parametrize("reads", [READS_UNNAMED, BEFORE, 4])
def test_a_server_of_a_version_before_is_sent_no_captions_of_a_cue(
    journal: Journal, library: Library, reads: int
) -> None:
    rundown = library.rundown()
    assert rundown is not None
    shown = replace(rundown, cues=tuple(
        replace(cue, media=with_captions(cue.media)) for cue in rundown.cues
    ))  # fmt: skip
    body = encode_report(report_of(journal, shown), reads)

    assert b"captions" not in body
    assert b"captions" in encode_report(report_of(journal, shown), READS)


def fields_of(schema: Any) -> dict[str, list[str]]:
    """The fields of each object in a schema, sorted, whatever the object is called, without those
    of graphics and the objects that only those name.
    """
    rules = [rule for name, rule in schema.get("$defs", {}).items() if name not in OF_GRAPHICS]
    named = [sorted(rule["properties"]) for rule in [schema, *rules] if "properties" in rule]
    kept = [[name for name in names if name not in LEFT_OUT] for names in named]
    return {" ".join(names): names for names in kept}


OF_GRAPHICS = {
    "GraphicsRules", "Bug", "ClockFace", "ComingNext", "Countdown", "Crawl", "LowerThird",
}  # fmt: skip
LEFT_OUT = {"graphics", "graphic", "pictures", "replay", "machine"}
"""Fields that a message has only where graphics, or two machines, are used: see
`test_its_plan_says_the_same`."""


def test_a_cue_says_what_it_is_before_its_id_does() -> None:
    named = {"id": "take-c1", "origin": "planned", "planned": None}
    body = {**kept_json("expected.json")["cues"][0], **named}

    assert decode(Cue, json.dumps(body)).origin is Origin.PLANNED


def test_as_run_rows_and_entries_are_read_whole(journal: Journal) -> None:
    lines = (HOST / "journal.jsonl.000000000001").read_text().splitlines()
    lines += (HOST / "journal.jsonl").read_text().splitlines()
    rows = [entry.as_run for entry in journal.kept() if entry.as_run is not None]

    assert [without_new(json.loads(encode(decode(JournalEntry, line)))) for line in lines] == [
        json.loads(line) for line in lines
    ]
    assert len(rows) == 31 and all(isinstance(row, AsRun) for row in rows)


def test_a_server_that_knows_no_cuts_is_sent_no_pieces(journal: Journal) -> None:
    cut = replace(media("hearing", timedelta(minutes=4)), pieces=((0, 1800), (3600, 9000)))
    planned = plan(item("hearing", DAY, timedelta(minutes=4), media=cut))
    report = report_of(journal, settle(planned, AirState(), DAY))

    assert b"pieces" not in encode_report(report, READS - 1)
    assert decode(Report, encode_report(report, READS)) == report
