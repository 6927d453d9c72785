"""The as-run day and the history of changes, on the page and as a file."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from support.desk import ADMIN, CH13, HOUR, NOW, an_airing
from support.page import read
from support.website import Site

from config.names import CueId, ItemId
from playout.model.commands import Command, Verb
from playout.model.graphics import LowerThird
from playout.model.loudness import DayLoudness, Measured
from playout.model.plan import Outcome
from playout.model.wire import AsRun, JournalEntry, Report, SeenStretch, Status
from scheduler.actions import programs, reports
from scheduler.domain.model.people import Role
from scheduler.domain.model.program import ProgramDraft
from web.kit.loudness_words import airing_words

DAY = "2026-11-22"
HEARD = (
    Measured(CueId("c3#1"), NOW, 600.0, -30.0, -9.0),
    Measured(CueId("c3#1"), NOW + HOUR, 1800.0, -21.0, -2.5),
    Measured(CueId("c3#2"), NOW + 2 * HOUR, 1800.0, -19.0, -2.1),
    Measured(CueId("c1"), NOW + HOUR, 3600.0, -24.9, -3.0),
)
"""Measurements of the hour of council, of its first piece twice, and of the clip."""


def seen(site: Site) -> None:
    """Report an hour of council that began five minutes late, after a clip and a bulletin."""
    airing = an_airing(site.db, title="=Council, live")
    late = timedelta(minutes=5)
    council = AsRun(
        cue=CueId("c3"), item=ItemId(airing.id), airing=airing.id, title=airing.title,
        planned_start=airing.start, planned_end=airing.end, start=airing.start + late,
        end=airing.end, ticks=98901, held=0, dropped=0, outcome=Outcome.LATE, layer="deck",
        reason="after the break",
    )  # fmt: skip
    clip = replace(
        council, cue=CueId("c1"), item=None, airing=None, title="Snow routes", reason="",
        start=NOW, end=NOW + HOUR, planned_start=NOW, outcome=Outcome.AIRED,
    )  # fmt: skip
    board = replace(clip, cue=CueId("c2"), layer="board", start=NOW + HOUR, end=NOW + HOUR + late)
    entries = tuple(
        JournalEntry(number=n, id=f"j{n}", at=run.end, kind="as-run", as_run=run)
        for n, run in enumerate((clip, board, council), 1)
    )
    for heard in HEARD:
        at = council.end
        entries += (JournalEntry(len(entries) + 1, heard.entry, at, "fact", fact=heard),)
    site.clock.advance(timedelta(hours=2))
    at = site.clock.utc()
    status = Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, revision=None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, loudness=(DayLoudness(at.date(), 7200.0, -20.9, -2.1, NOW, -19.0),),
    )  # fmt: skip
    reports.accept_report(site.db, CH13, Report(status, None, entries), at)


def test_the_day_tells_its_loudness_and_what_is_wrong_with_it(site: Site) -> None:
    seen(site)
    viewer = site.browser(Role.VIEWER)
    page = viewer.get(f"/reports/ch13/{DAY}").get_data(as_text=True)
    assert "Loudness −20.9 LKFS, loudest hour from" in page
    assert "measured over 2 h; the target is −24 LKFS" in page
    assert "3.1 dB louder than the -24 LKFS" in page
    before = viewer.get("/reports/ch13/2020-01-01").get_data(as_text=True)
    assert "LKFS" not in before


def test_each_airing_says_how_loud_it_was_and_the_csv_has_the_figures(site: Site) -> None:
    seen(site)
    viewer = site.browser(Role.VIEWER)
    row = next(line for line in lines(viewer.get(f"/reports/ch13/{DAY}")) if "=Council" in line)
    saved = viewer.get(f"/reports/ch13/{DAY}.csv").get_data(as_text=True)
    cells = list(csv.DictReader(io.StringIO(saved)))

    assert "−19.9 LKFS, 4.1 dB too loud" in row
    assert [
        (one["loudness LKFS"], one["true peak dBTP"], one["against -24 LKFS"]) for one in cells
    ] == [
        ("-24.9", "-3.0", "on target"),
        ("", "", "not measured"),
        ("-19.9", "-2.1", "4.1 dB too loud"),
    ]


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (None, "not measured"),
        (Measured(CueId("a"), NOW, 60.0, None), "no sound"),
        (Measured(CueId("a"), NOW, 4.0, -10.0), "−10.0 LKFS, too short to judge"),
        (Measured(CueId("a"), NOW, 60.0, -26.0), "−26.0 LKFS, on target"),
        (Measured(CueId("a"), NOW, 60.0, -26.1), "−26.1 LKFS, 2.1 dB too quiet"),
    ],
)
def test_loudness_of_an_airing_in_words(heard: Measured | None, said: str) -> None:
    assert airing_words(heard) == said


def test_the_day_folds_filler_and_lists_exceptions(site: Site) -> None:
    seen(site)
    page = site.browser(Role.VIEWER).get(f"/reports/ch13/{DAY}").get_data(as_text=True)
    assert "1 filler clip, bulletins" in page
    assert "=Council, live started 5 min late: after the break" in page
    assert "aired late" in page
    assert "of the 2 h on record" in page and "100.00 %" in page


def covered(site: Site) -> None:
    """Report an hour's meeting, still on, with a slate by hand, an emergency message and a dark
    minute.
    """
    airing = an_airing(site.db, title="Council")
    site.clock.advance(timedelta(hours=2))
    at = site.clock.utc()
    start = NOW + HOUR
    minute = [start + n * timedelta(minutes=1) for n in range(61)]
    spans = ((0, 10), (13, 30), (31, 60))
    council = AsRun(
        cue=CueId("council"), item=ItemId(airing.id), airing=airing.id, title="Council",
        planned_start=start, planned_end=at, start=start, end=at, ticks=9, held=0, dropped=0,
        outcome=Outcome.AIRED, layer="deck",
        seen=tuple(SeenStretch(minute[a], minute[b], "deck") for a, b in spans),
    )  # fmt: skip
    slate = replace(
        council, cue=CueId("slate-c1"), item=None, airing=None, title="Slate", layer="slate",
        start=minute[10], end=minute[13], seen=(SeenStretch(minute[10], minute[13], "slate"),),
    )  # fmt: skip
    presses = [
        Command("c1", 1, Verb.SLATE, minute[10], at, "Otto Operator", cue=CueId("council")),
        Command("c2", 2, Verb.EMERGENCY, minute[20], at, "Eve", text="Boil water",
                until=minute[25]),
        Command("c3", 3, Verb.GRAPHIC, minute[27], at, "Otto Operator", cue=CueId("council"),
                graphic=LowerThird("c3", "Ana Ruiz", "Chair")),
    ]  # fmt: skip
    entries = (
        JournalEntry(1, "j1", minute[10], "command", command=presses[0]),
        JournalEntry(2, "j2", minute[20], "command", command=presses[1]),
        JournalEntry(3, "j3", minute[13], "as-run", as_run=slate),
        JournalEntry(4, "j4", minute[27], "command", command=presses[2]),
    )
    status = Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, revision=None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, running=(council,),
    )  # fmt: skip
    reports.accept_report(site.db, CH13, Report(status, None, entries), at)


def test_a_new_channel_is_measured_from_its_first_program(
    site: Site,
) -> None:
    airing = an_airing(site.db, title="Council")
    site.clock.advance(timedelta(minutes=90))
    at = site.clock.utc()
    council = AsRun(
        cue=CueId("council"), item=ItemId(airing.id), airing=airing.id, title="Council",
        planned_start=airing.start, planned_end=airing.end, start=airing.start, end=at, ticks=9,
        held=0, dropped=0, outcome=Outcome.AIRED, layer="deck",
        seen=(SeenStretch(airing.start, at, "deck"),),
    )  # fmt: skip
    status = Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, revision=None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, running=(council,),
    )  # fmt: skip
    reports.accept_report(site.db, CH13, Report(status, None, ()), at)

    page = site.browser(Role.VIEWER).get(f"/reports/ch13/{DAY}").get_data(as_text=True)
    assert "100.00 %" in page and "of the 30 min on record" in page


def lines(page: str) -> list[str]:
    """Return the words of each row of the table."""
    return [row.text for row in read(page).one("tbody").all("tr")]


def test_as_run_lists_overrides_presses_and_gaps(
    site: Site,
) -> None:
    covered(site)
    page = site.browser(Role.VIEWER).get(f"/reports/ch13/{DAY}").get_data(as_text=True)

    assert [line.split(" 14:00:00")[0] for line in lines(page)] == [
        "14:00:00 Council 10 min",
        "14:10:00 Slate pressed by Otto Operator",
        "14:10:00 Slate put on by Otto Operator 3 min aired not measured",
        "14:13:00 Council 17 min continued",
        "14:20:00 Emergency message “Boil water” pressed by Eve 5 min",
        "14:27:00 Graphic shown: Ana Ruiz, Chair pressed by Otto Operator",
        "14:30:00 Nothing was recorded: the broadcast machine was off 1 min not recorded",
        "14:31:00 Council 29 min ON AIR continued",
    ]
    assert "ON AIR" in page


def test_part_of_a_day_has_an_address_of_its_own(site: Site) -> None:
    covered(site)
    viewer = site.browser(Role.VIEWER)
    asked = viewer.get(f"/reports/ch13/pick?day={DAY}&at=14:12&to={DAY}&until=14:20")
    assert asked.status_code == 302
    page = viewer.get(asked.headers["Location"]).get_data(as_text=True)

    assert [line[:20] for line in lines(page)] == ["14:12:00 Slate put o", "14:13:00 Council 7 m"]
    assert "of the 8 min on record" in page
    saved = viewer.get(f"/reports/ch13/{DAY}.csv?at=14:12&until=14:20").get_data(as_text=True)
    assert len(saved.splitlines()) == 3
    assert viewer.get(f"/reports/ch13/{DAY}?to=2027-11-22").status_code == 422
    assert viewer.get(f"/reports/ch13/{DAY}?at=soon").status_code == 404


def test_the_csv_has_every_stretch_and_no_formula(site: Site) -> None:
    seen(site)
    answer = site.browser(Role.VIEWER).get(f"/reports/ch13/{DAY}.csv")
    assert answer.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [line["layer"] for line in lines] == ["deck", "board", "deck"]
    assert lines[2]["title"] == "'=Council, live"
    assert lines[2]["start"] == "2026-11-22T14:05:00.000-05:00"
    assert lines[2]["seconds"] == "3300.000"


def test_an_invalid_day_or_channel_is_not_found(site: Site) -> None:
    viewer = site.browser(Role.VIEWER)
    assert viewer.get("/reports/ch13/tomorrow").status_code == 404
    assert viewer.get("/reports/nowhere").status_code == 404
    assert viewer.get("/reports").status_code == 302


def test_history_is_searched_by_title_and_by_person(site: Site) -> None:
    programs.add(site.db, ADMIN, NOW, ProgramDraft(title="Snow routes"))
    programs.add(site.db, ADMIN, NOW, ProgramDraft(title="Meet the mayor"))
    viewer = site.browser(Role.VIEWER)
    assert "Snow routes" in viewer.get("/history?q=snow").get_data(as_text=True)
    assert "mayor" not in viewer.get("/history?q=snow").get_data(as_text=True)
    assert "mayor" in viewer.get("/history?q=ada").get_data(as_text=True)
    assert "No change matches" in viewer.get("/history?q=100%25").get_data(as_text=True)


def test_older_changes_are_on_the_next_page(site: Site) -> None:
    for number in range(60):
        programs.add(site.db, ADMIN, NOW, ProgramDraft(title=f"Program {number:02}"))
    viewer = site.browser(Role.VIEWER)
    first = read(viewer.get("/history"))
    assert "Program 59" in first and "Program 05" not in first
    older = first.link("Older changes").get("href")
    assert "Program 05" in read(viewer.get(older))
