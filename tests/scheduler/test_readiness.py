"""Lights and sentences: what a person should look at, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import (
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    an_airing,
    an_asset,
    some_media,
)
from support.rows import airing, asset

from playout.rundown import End, Start
from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.airing import AiringDraft
from scheduler.domain.asset import AssetState
from scheduler.domain.names import AssetId
from scheduler.domain.readiness import Light, findings, light, mark, mark_words, words
from scheduler.warnings import Warnings

FILE = a_draft(asset=AssetId("a"))
HOUR_LONG = asset(minutes=60)


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
            "The file ends 3:00 before the airing does; filler follows.",
        ),
        (
            FILE,
            asset(minutes=61),
            Light.AMBER,
            "The last 1:00 of the file will not be seen.",
        ),
        (replace(FILE, end_rule=End.FINISH), asset(minutes=61), Light.READY, ""),
        (
            replace(FILE, in_point=HOUR),
            HOUR_LONG,
            Light.RED,
            "Its first moment lies past the end of the file.",
        ),
        (FILE, replace(HOUR_LONG, media=some_media(length=timedelta(0))), Light.READY, ""),
        (a_draft(source="chamber"), None, Light.READY, ""),
        (a_draft(slate_text="Recess"), None, Light.READY, ""),
        (replace(FILE, start=NOW - 3 * HOUR), None, Light.READY, ""),
    ],
)
def test_a_light_says_why(draft: AiringDraft, file: object, expected: Light, why: str) -> None:
    assert light(airing(draft), file, NOW) == (expected, why)  # type: ignore[arg-type]


FIRST = replace(FILE, title="Council", length=2 * HOUR)
SECOND = replace(FILE, title="Planning", start=NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("first", "second", "expected", "sentence"),
    [
        (
            FIRST,
            SECOND,
            Light.AMBER,
            "Planning starts 1:00:00 before Council ends, and cuts into it.",
        ),
        (
            FIRST,
            replace(SECOND, start_rule=Start.FOLLOW),
            Light.AMBER,
            "Planning will start up to 1:00:00 late, after Council.",
        ),
        (
            FIRST,
            replace(SECOND, start_rule=Start.WAIT, wait_limit=10 * MINUTE),
            Light.RED,
            "Council is planned 1:00:00 into Planning, which may be displaced.",
        ),
        (
            replace(FIRST, asset=None, source="chamber", end_rule=End.HOLD),
            SECOND,
            Light.RED,
            "Council is planned 1:00:00 into Planning, which may be displaced.",
        ),
    ],
)
def test_an_overlap_is_said_as_it_will_be_seen(
    first: AiringDraft, second: AiringDraft, expected: Light, sentence: str
) -> None:
    files = {AssetId("a"): asset(minutes=60), AssetId("b"): asset("b", minutes=120)}
    council = airing(replace(first, asset=AssetId("b") if first.asset else None), 1)
    (found,) = findings([airing(second, 2), council], files, NOW)
    assert (found.light, found.sentence) == (expected, sentence)
    assert (found.airing, found.other) == ("a2", "a1")


def test_an_overlap_across_a_short_airing_is_seen_too() -> None:
    drafts = [
        replace(FIRST, source="x", asset=None),
        replace(SECOND, start=NOW + HOUR + MINUTE, length=MINUTE, source="y", asset=None),
        replace(SECOND, source="z", asset=None),
    ]
    found = findings([airing(draft, n) for n, draft in enumerate(drafts)], {}, NOW)
    assert [(one.airing, one.other) for one in found] == [("a1", "a0"), ("a2", "a0")]


def test_neighbours_and_cancelled_airings_do_not_overlap() -> None:
    live = a_draft(source="chamber")
    pair = [airing(live), airing(replace(live, start=NOW + 2 * HOUR), 2)]
    assert findings(pair, {}, NOW) == ()
    assert findings([airing(live), airing(live, 2, cancelled=True)], {}, NOW) == ()


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "0:05"), (200, "3:20"), (4050, "1:07:30"), (90000, "25:00:00")]
)
def test_lengths_are_written_as_on_pages(seconds: int, said: str) -> None:
    assert words(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
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
def test_a_miss_passes_three_marks(ahead: timedelta, said: str | None) -> None:
    passed = mark(NOW + ahead, NOW)
    assert (mark_words(passed) if passed else None) == said


def test_a_miss_is_said_once_at_each_mark_and_never_once_mended(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    made = an_airing(sqlite_db, NOW + 26 * HOUR, title="Council")
    an_airing(sqlite_db, NOW + 26 * HOUR, title="Hearing", source="chamber")
    warnings = Warnings()
    said = [warnings.say(sqlite_db, NOW + minutes * MINUTE) for minutes in range(0, 26 * 60, 5)]
    assert [text for texts in said for text in texts] == [
        "City Channel 13: within 24 hours, Council: It has no file yet.",
        "City Channel 13: within the hour, Council: It has no file yet.",
        "City Channel 13: within 10 minutes, Council: It has no file yet.",
    ]
    file = an_asset(sqlite_db)
    airings.edit(sqlite_db, PLANNER, NOW, made.id, replace(made.draft, asset=file.id), made.version)
    assert Warnings().say(sqlite_db, NOW + 25 * HOUR) == []
