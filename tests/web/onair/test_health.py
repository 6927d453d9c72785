"""The health line has a reading for each thing that must work."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from support.desk import CH13, MINUTE, NOW, a_channel, a_draft, a_source
from support.domain_values import airing

from playout.model.caption_status import CaptionKind, CaptionStatus
from playout.model.leaving import LeavingFault, LeavingPlace
from playout.model.loudness import DayLoudness
from playout.model.source import SourceReport
from playout.model.wire import Report, Status
from scheduler.actions import reports
from scheduler.db.store import Database
from scheduler.domain.air.readiness import AiringView, Light
from scheduler.queries import onair
from scheduler.queries.onair import OnAir
from web.onair.health import health

GB = 1000**3
FINE = Status(
    channel=CH13, host="vm", at=NOW, tick=1800, layer="deck", cue=None, item=None, title="",
    started=NOW, ends=None, offset=0.0, revision=None, serial=1, outputs=2, late_ticks=0,
    clock_step=0.0, disk_free=50 * GB,
)  # fmt: skip


@pytest.fixture
def on(sqlite_db: Database) -> OnAir:
    a_channel(sqlite_db)
    chamber = a_source(sqlite_db)
    reports.accept_report(sqlite_db, CH13, Report(FINE), NOW)
    found = onair.on_air(sqlite_db, CH13, NOW + timedelta(seconds=1))
    assert found.sources == {chamber: "Council Chamber"}
    named = {"chamber": "Council Chamber", "lobby": "Lobby"}
    return replace(found, published=7, up_to_date=True, sources=named)


def said(on: OnAir, *planned: AiringView, **over: Any) -> list[tuple[str, str]]:
    status = replace(FINE, **over)
    return list(health(replace(on, status=status), planned, NOW))


FILE, LIVE, NONE = CaptionKind.FILE, CaptionKind.LIVE, CaptionKind.NONE


@pytest.mark.parametrize(
    ("captions", "reading"),
    [
        (CaptionStatus(FILE, 40, 38), ("ready", "Captions on air")),
        (CaptionStatus(FILE, 40, None), ("ready", "Captions on air")),
        (CaptionStatus(LIVE, 40, 38), ("ready", "Captions on air")),
        (CaptionStatus(FILE, 40, 0), ("amber", "Captions on air, none in the stream")),
        (CaptionStatus(FILE, 0, 0), ("ready", "Captions in a pause")),
        (CaptionStatus(NONE), ("ready", "No captions in this file")),
        (CaptionStatus(FILE, missing="they are not here"), ("amber", "Captions not aired")),
    ],
)
def test_a_reading_tells_whether_captions_are_on_air(
    on: OnAir, captions: CaptionStatus, reading: tuple[str, str]
) -> None:
    assert reading in said(on, captions=captions)


def test_board_slate_and_a_live_without_captions_have_no_reading_of_them(on: OnAir) -> None:
    board = said(on, layer="board", captions=CaptionStatus(FILE))

    assert board == said(on, captions=CaptionStatus(LIVE)) == said(on)


def live(source: str, start: datetime, **over: Any) -> AiringView:
    return AiringView(airing(a_draft(start, source=source), **over), Light.READY, "")


def test_each_working_part_has_a_ready_reading(on: OnAir) -> None:
    assert said(on) == [
        ("ready", "Broadcast machine online"),
        ("ready", "2 outputs OK"),
        ("ready", "50 GB free"),
        ("ready", "Clock OK"),
        ("ready", "Schedule up to date"),
        ("ready", "Files for 8 days on the machine"),
    ]


@pytest.mark.parametrize(
    ("over", "word"),
    [
        ({"outputs": 0}, "No output"),
        ({"disk_free": 10 * GB}, "10 GB free"),
        ({"disk_free": 300_400_000}, "300 MB free"),
        ({"disk_free": 4096}, "0 MB free"),
        ({"clock_step": -0.5}, "Clock jumped 0.5 s"),
        ({"missing": ("a" * 64, "b" * 64)}, "2 files still to download"),
        ({"problems": ("The picture is black.",)}, "The picture is black."),
    ],
)
def test_each_failing_part_has_an_amber_reading(on: OnAir, over: dict[str, Any], word: str) -> None:
    line = said(on, **over)
    assert [text for state, text in line if state == "amber"] == [word]


@pytest.mark.parametrize(
    ("over", "word"),
    [
        ({"published": 0}, "No schedule published yet"),
        ({"up_to_date": False}, "Newest schedule not received yet"),
        ({"state": "silent"}, "Broadcast machine vm silent"),
    ],
)
def test_a_silent_or_outdated_machine_is_amber(on: OnAir, over: dict[str, Any], word: str) -> None:
    line = said(replace(on, **over))
    assert [text for state, text in line if state == "amber"] == [word]


def test_without_a_broadcast_machine_its_parts_have_no_reading(on: OnAir) -> None:
    line = health(replace(on, status=None, heard_at=None, state="never"), (), NOW)
    assert line == (("amber", "No broadcast machine"), ("ready", "Schedule up to date"))


def test_open_and_due_sources_each_have_a_reading(on: OnAir) -> None:
    chamber = SourceReport("chamber", None, True, NOW)
    later = live("lobby", NOW + 30 * MINUTE)
    assert said(on, later, sources=(chamber,))[6:] == [
        ("ready", "Council Chamber: signal good"),
        ("ready", "Lobby: opens 13:28"),
    ]
    other = replace(chamber, reason="It sends 640x360; 1280x720@25 is expected.")
    assert said(on, sources=(other,))[6] == ("amber", f"Council Chamber: {other.reason}")
    lost = replace(chamber, has_signal=False)
    assert said(on, later, sources=(lost,))[6] == ("amber", "Council Chamber: no signal")


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        (live("lobby", NOW + 61 * MINUTE), []),
        (live("lobby", NOW + 30 * MINUTE, cancelled=True), []),
        (live("lobby", NOW + 2 * MINUTE), [("ready", "Lobby: opens 13:00")]),
        (live("lobby", NOW + 1.75 * MINUTE), [("amber", "Lobby: not open")]),
        (live("lobby", NOW + MINUTE), [("amber", "Lobby: not open")]),
        (live("nowhere", NOW + MINUTE), [("amber", "The source at 13:01 is not set up")]),
    ],
)
def test_a_due_source_is_open_or_shows_when_it_opens(
    on: OnAir, planned: AiringView, words: list[tuple[str, str]]
) -> None:
    assert said(on, planned)[6:] == words


def test_a_silent_machine_gives_no_readings(on: OnAir) -> None:
    dark = SourceReport("chamber", None, False, NOW)
    silent = replace(on, state="silent")
    over = {"sources": (dark,), "missing": ("a" * 64,), "problems": ("The picture is black.",)}
    line = said(silent, live("lobby", NOW + MINUTE), **over)
    assert line == [("amber", "Broadcast machine vm silent"), ("ready", "Schedule up to date")]


DAY = DayLoudness(NOW.date(), 7200.0, -24.3, -2.1, NOW, -22.9)


def test_loudness_of_today_is_shown_and_judged_against_the_target(on: OnAir) -> None:
    words = "Loudness today \u221224.3 LKFS, loudest hour from "
    state, said_ = next(one for one in said(on, loudness=(DAY,)) if one[1].startswith(words))
    assert state == "ready" and said_.endswith("\u221222.9 LKFS, highest peak \u22122.1 dBTP")
    off = said(on, loudness=(DAY, replace(DAY, lkfs=-20.9)))
    assert [state for state, _ in off if state == "amber"] == ["amber", "amber"]
    assert "3.1 dB louder than the -24 LKFS" in off[-1][1]


@pytest.mark.parametrize(
    ("over", "wrong"),
    [
        ({}, ""),
        ({"lkfs": -26.0}, ""),
        ({"lkfs": -22.0}, ""),
        ({"lkfs": -26.1}, "2.1 dB quieter"),
        ({"lkfs": -30.0, "seconds": 600.0}, ""),
        ({"lkfs": None, "true_peak": None}, ""),
        ({"true_peak": -1.5}, "A peak of -1.5 dBTP"),
    ],
)
def test_a_day_is_off_beyond_two_decibels_or_above_the_ceiling(
    over: dict[str, Any], wrong: str
) -> None:
    problem = replace(DAY, **over).problem
    assert (wrong in problem) if wrong else not problem


STREAM = LeavingPlace("the stream", compared=True, delay=0.71)
GROUP = LeavingPlace("the multicast 239.1.1.1:5000")
DARK = replace(GROUP, faults=(LeavingFault("black", "It is black."),))


@pytest.mark.parametrize(
    ("leaving", "readings"),
    [
        ((), []),
        ((STREAM,), [("ready", "Stream leaves as placed, 0.7 s later, seen on the stream")]),
        ((replace(STREAM, compared=False),), [("ready", "Stream leaves, seen on the stream")]),
        (
            (replace(STREAM, delay=None), GROUP),
            [
                (
                    "ready",
                    "Stream leaves as placed, seen on the stream and the multicast 239.1.1.1:5000",
                )
            ],
        ),
        ((STREAM, DARK), []),
        (
            (replace(GROUP, reason="No such device"),),
            [("amber", "The multicast 239.1.1.1:5000 cannot be watched: No such device")],
        ),
    ],
)
def test_what_leaves_is_one_calm_reading(
    on: OnAir, leaving: tuple[LeavingPlace, ...], readings: list[tuple[str, str]]
) -> None:
    assert [one for one in said(on, leaving=leaving) if one not in said(on)] == readings
