"""Lights and sentences: what a person should look at, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    a_source,
    an_airing,
    an_asset,
    some_media,
)
from support.domain_values import airing, asset

from config.names import AssetKey
from playout.model.plan import CaptionFile, EndRule, StartRule
from playout.model.source import SourceReport
from playout.model.wire import Report, Status
from scheduler.actions import airings, reports
from scheduler.db.store import Database
from scheduler.domain.air.readiness import (
    AiringFinding,
    AiringView,
    ChannelFacts,
    Light,
    findings,
    light,
    mark,
    mark_words,
)
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.ids import AssetId
from scheduler.process.warnings import Warnings
from scheduler.queries import grid
from scheduler.queries.dryrun import simulate

FILE = a_draft(asset=AssetId("a"))
HOUR_LONG = asset(minutes=60)
KEY = some_media().key
CHECKED = {
    "key": KEY,
    "has_picture": True,
    "has_sound": True,
    "loudness": -23.5,
    "decode_speed": 6.0,
}
LIVE = a_draft(source="chamber")
SET_UP = ChannelFacts(frozenset({"chamber", "x", "y", "z"}))


def checked(**facts: object) -> Asset:
    """An hour of file with what its check found."""
    return replace(HOUR_LONG, facts=CHECKED | facts)


def opened(reason: str = "", *, signal: bool = False) -> ChannelFacts:
    """The chamber is set up and open."""
    seen = SourceReport("chamber", None, signal, NOW, reason=reason)
    return replace(SET_UP, open={"chamber": seen})


@pytest.mark.parametrize(
    ("draft", "file", "expected", "why"),
    [
        (FILE, HOUR_LONG, Light.READY, ""),
        (FILE, None, Light.RED, "It has no file yet."),
        (replace(FILE, start=NOW + 30 * HOUR), None, Light.AMBER, "It has no file yet."),
        (
            FILE,
            asset(state=AssetState.CHECKING),
            Light.AMBER,
            "Its file is still being checked.",
        ),
        (
            FILE,
            replace(asset(state=AssetState.REFUSED), summary="No picture."),
            Light.RED,
            "Its file cannot go on air. No picture.",
        ),
        (
            FILE,
            asset(minutes=57),
            Light.AMBER,
            "The file ends 3 min before the airing does; filler follows.",
        ),
        (
            FILE,
            asset(minutes=61),
            Light.AMBER,
            "The last 1 min of the file will not be seen.",
        ),
        (replace(FILE, end_rule=EndRule.FINISH), asset(minutes=61), Light.READY, ""),
        (
            replace(FILE, in_point=HOUR),
            HOUR_LONG,
            Light.RED,
            "It begins after the end of the file.",
        ),
        (FILE, replace(HOUR_LONG, media=some_media(length=timedelta(0))), Light.READY, ""),
        (a_draft(slate_text="Recess"), None, Light.READY, ""),
        (replace(FILE, start=NOW - 3 * HOUR), None, Light.READY, ""),
    ],
)
def test_a_light_says_why(
    draft: AiringDraft, file: Asset | None, expected: Light, why: str
) -> None:
    assert light(airing(draft), file, NOW, ChannelFacts()) == (expected, why)


LACKS = ChannelFacts(missing=frozenset({KEY}))
AWAY = "Its file is not on the broadcast machine yet."
OTHER = "o" * 64


CAPTIONED = replace(some_media(), captions=CaptionFile(AssetKey("c" * 64), 40))


@pytest.mark.parametrize(
    ("file", "ahead", "known", "expected", "why"),
    [
        (HOUR_LONG, 61 * MINUTE, LACKS, Light.AMBER, AWAY),
        (HOUR_LONG, 60 * MINUTE, LACKS, Light.RED, AWAY),
        (HOUR_LONG, -MINUTE, LACKS, Light.RED, AWAY),
        (asset("b", minutes=60), MINUTE, LACKS, Light.READY, ""),
        (asset(minutes=57), 60 * MINUTE, LACKS, Light.RED, AWAY),
        (checked(), HOUR, ChannelFacts(), Light.READY, "No captions."),
        (
            replace(checked(), captions=True),
            HOUR,
            ChannelFacts(),
            Light.READY,
            "The captions inside it do not air.",
        ),
        (
            replace(checked(), captions=True, media=CAPTIONED),
            HOUR,
            ChannelFacts(),
            Light.READY,
            "Captioned.",
        ),
        (
            checked(loudness=None),
            HOUR,
            ChannelFacts(),
            Light.AMBER,
            "Its loudness is not known; it airs unchanged.",
        ),
        (
            checked(loudness=None, has_sound=False),
            HOUR,
            ChannelFacts(),
            Light.READY,
            "No captions.",
        ),
        (
            checked(decode_speed=None),
            HOUR,
            ChannelFacts(),
            Light.AMBER,
            "Its decoding speed was not measured.",
        ),
        (
            checked(decode_speed=0.9, loudness=None),
            HOUR,
            ChannelFacts(),
            Light.RED,
            "It decodes too slowly to play.",
        ),
        (checked(decode_speed=1.0), HOUR, ChannelFacts(), Light.READY, "No captions."),
        (checked(decode_speed=0.9, key=OTHER), HOUR, ChannelFacts(), Light.READY, "No captions."),
        (
            checked(decode_speed=None, has_picture=False),
            HOUR,
            ChannelFacts(),
            Light.READY,
            "No captions.",
        ),
    ],
)
def test_a_file_must_exist_and_be_checked(
    file: Asset, ahead: timedelta, known: ChannelFacts, expected: Light, why: str
) -> None:
    assert light(airing(replace(FILE, start=NOW + ahead)), file, NOW, known) == (expected, why)


OPENS = "Its source opens 2 minutes before."
SHUT = replace(SET_UP, open={})
DARK = opened("It is being opened.")
A_SECOND = timedelta(seconds=1)
NO_SIGNAL = "Its source has no signal. It is being opened."


@pytest.mark.parametrize(
    ("ahead", "known", "expected", "why"),
    [
        (HOUR, ChannelFacts(), Light.RED, "Its source is not set up."),
        (300 * HOUR, ChannelFacts(frozenset({"lobby"})), Light.RED, "Its source is not set up."),
        (300 * HOUR, SET_UP, Light.READY, OPENS),
        (3 * MINUTE, SET_UP, Light.READY, OPENS),
        (2 * MINUTE, SET_UP, Light.READY, ""),
        (2 * MINUTE, opened(signal=True), Light.READY, "Its source has a signal."),
        (3 * MINUTE, SHUT, Light.READY, OPENS),
        (2 * MINUTE, SHUT, Light.READY, ""),
        (11 * MINUTE, DARK, Light.READY, OPENS),
        (10 * MINUTE, DARK, Light.AMBER, NO_SIGNAL),
        (10 * MINUTE, opened(), Light.AMBER, "Its source has no signal."),
        (MINUTE, DARK, Light.RED, NO_SIGNAL),
        (-30 * MINUTE, DARK, Light.RED, NO_SIGNAL),
        (-2 * HOUR, ChannelFacts(), Light.READY, ""),
    ],
)
def test_a_live_needs_a_configured_source_with_a_signal(
    ahead: timedelta, known: ChannelFacts, expected: Light, why: str
) -> None:
    assert light(airing(replace(LIVE, start=NOW + ahead)), None, NOW, known) == (expected, why)


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(110 * A_SECOND, Light.AMBER), (MINUTE, Light.RED), (A_SECOND, Light.RED)],
)
def test_a_source_that_is_due_and_not_open_was_green_here_and_amber_on_the_on_air_page(
    ahead: timedelta, expected: Light
) -> None:
    soon = airing(replace(LIVE, start=NOW + ahead))
    assert light(soon, None, NOW, SHUT) == (expected, "Its source is not open.")
    assert light(soon, None, NOW, SET_UP) == (Light.READY, ""), "nobody is heard"


def said(
    airings: list[Airing], files: dict[AssetId, Asset], known: ChannelFacts = SET_UP
) -> tuple[AiringFinding, ...]:
    """What a person should look at among them."""
    pairs = [(one, files.get(one.draft.asset) if one.draft.asset else None) for one in airings]
    views = [AiringView(one, *light(one, file, NOW, known), asset=file) for one, file in pairs]
    return findings(views, NOW)


FIRST = replace(FILE, title="Council", length=2 * HOUR)
SECOND = replace(FILE, title="Planning", start=NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("first", "second", "expected", "sentence"),
    [
        (
            FIRST,
            SECOND,
            Light.AMBER,
            "Planning starts 1 h before Council ends, and cuts into it.",
        ),
        (
            FIRST,
            replace(SECOND, start_rule=StartRule.FOLLOW),
            Light.AMBER,
            "Planning will start up to 1 h late, after Council.",
        ),
        (
            FIRST,
            replace(SECOND, start_rule=StartRule.WAIT, wait_limit=10 * MINUTE),
            Light.RED,
            "Council is planned 1 h into Planning, which may be displaced.",
        ),
        (
            replace(FIRST, asset=None, source="chamber", end_rule=EndRule.HOLD),
            SECOND,
            Light.RED,
            "Council is planned 1 h into Planning, which may be displaced.",
        ),
    ],
)
def test_an_overlap_is_described_as_viewers_will_see_it(
    first: AiringDraft, second: AiringDraft, expected: Light, sentence: str
) -> None:
    files = {AssetId("a"): asset(minutes=60), AssetId("b"): asset("b", minutes=120)}
    council = airing(replace(first, asset=AssetId("b") if first.asset else None), 1)
    (found,) = said([airing(second, 2), council], files)
    assert (found.light, found.sentence) == (expected, sentence)
    assert (found.airing, found.other) == ("a2", "a1")


def test_an_overlap_across_a_short_airing_is_found() -> None:
    drafts = [
        replace(FIRST, source="x", asset=None),
        replace(SECOND, start=NOW + HOUR + MINUTE, length=MINUTE, source="y", asset=None),
        replace(SECOND, source="z", asset=None),
    ]
    found = said([airing(draft, n) for n, draft in enumerate(drafts)], {})
    assert [(one.airing, one.other) for one in found] == [("a1", "a0"), ("a2", "a0")]


def test_neighbours_and_cancelled_airings_do_not_overlap() -> None:
    pair = [airing(LIVE), airing(replace(LIVE, start=NOW + 2 * HOUR), 2)]
    assert said(pair, {}) == ()
    assert said([airing(LIVE), airing(LIVE, 2, cancelled=True)], {}) == ()


@pytest.mark.parametrize(
    ("ahead", "text"),
    [
        (25 * HOUR, None),
        (24 * HOUR, "within 24 hours"),
        (61 * MINUTE, "within 24 hours"),
        (HOUR, "within the hour"),
        (11 * MINUTE, "within the hour"),
        (10 * MINUTE, "within 10 minutes"),
        (timedelta(0), None),
    ],
)
def test_a_miss_passes_three_warning_marks(ahead: timedelta, text: str | None) -> None:
    passed = mark(NOW + ahead, NOW)
    assert (mark_words(passed) if passed else None) == text


def test_a_miss_warns_once_at_each_mark_and_never_after_it_is_fixed(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    made = an_airing(sqlite_db, NOW + 26 * HOUR, title="Council")
    an_airing(sqlite_db, NOW + 26 * HOUR, title="Hearing", source=a_source(sqlite_db))
    warnings = Warnings()
    told = [warnings.say(sqlite_db, NOW + minutes * MINUTE) for minutes in range(0, 26 * 60, 5)]
    assert [text for texts in told for text in texts] == [
        "City Channel 13: within 24 hours, Council: It has no file yet.",
        "City Channel 13: within the hour, Council: It has no file yet.",
        "City Channel 13: within 10 minutes, Council: It has no file yet.",
    ]
    file = an_asset(sqlite_db)
    airings.edit(sqlite_db, PLANNER, NOW, made.id, replace(made.draft, asset=file.id), made.version)
    assert Warnings().say(sqlite_db, NOW + 25 * HOUR) == []


def test_schedule_dry_run_and_warnings_agree_about_a_source_not_set_up(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    made = an_airing(sqlite_db, NOW + 20 * HOUR, title="Hearing", source="nowhere")
    view = grid.airing(sqlite_db, made.id, NOW)
    assert (view.readiness, view.why) == (Light.RED, "Its source is not set up.")
    (dry,) = simulate(sqlite_db, NOW)
    sentence = "Hearing: Its source is not set up."
    assert [one.light for one in dry.found if one.sentence == sentence] == [Light.RED]
    assert Warnings().say(sqlite_db, NOW) == [f"City Channel 13: within 24 hours, {sentence}"]


def heard(db: Database, at: datetime, **over: Any) -> None:
    """The broadcast machine says how it is."""
    status = Status(
        channel=CH13, host="vm", at=at, tick=1, layer="board", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, revision=None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, **over,
    )  # fmt: skip
    reports.accept_report(db, CH13, Report(status), at)


def test_files_missing_on_the_broadcast_machine_are_reported_while_it_is_heard(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    file = an_asset(sqlite_db)
    made = an_airing(sqlite_db, NOW + 50 * MINUTE, title="Replay", asset=file.id)
    heard(sqlite_db, NOW, missing=(KEY,))
    sentence = f"City Channel 13: within the hour, Replay: {AWAY}"
    assert Warnings().say(sqlite_db, NOW + 14 * A_SECOND) == [sentence]
    assert grid.airing(sqlite_db, made.id, NOW).readiness is Light.RED
    assert Warnings().say(sqlite_db, NOW + 16 * A_SECOND) == []
    heard(sqlite_db, NOW + 20 * A_SECOND)
    assert Warnings().say(sqlite_db, NOW + 21 * A_SECOND) == []


def test_a_source_without_signal_is_reported_in_the_last_ten_minutes(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    source = a_source(sqlite_db)
    an_airing(sqlite_db, NOW + 90 * A_SECOND, title="Council", source=source, end_rule=EndRule.HOLD)
    heard(sqlite_db, NOW, sources=(SourceReport(source, None, False, NOW, reason="No answer."),))
    assert Warnings().say(sqlite_db, NOW) == [
        "City Channel 13: within 10 minutes, Council: Its source has no signal. No answer."
    ]
