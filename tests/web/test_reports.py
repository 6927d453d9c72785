"""The as-run day and the history of changes, as staff read and save them."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

from support.desk import ADMIN, CH13, HOUR, NOW, an_airing
from support.website import Site

from config.names import CueId, ItemId
from playout.rundown import Outcome
from playout.wire import AsRun, JournalEntry, Report, Status
from scheduler.actions import asrun, programs
from scheduler.domain.people import Role
from scheduler.domain.program import ProgramDraft

DAY = "2026-11-22"


def seen(site: Site) -> None:
    """An hour of council that began five minutes late, after a clip and a bulletin."""
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
    site.clock.advance(timedelta(hours=2))
    at = site.clock.utc()
    status = Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, revision=None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0,
    )  # fmt: skip
    asrun.accept_report(site.db, CH13, Report(status, None, entries), at)


def test_the_day_folds_filling_and_names_what_went_otherwise(site: Site) -> None:
    seen(site)
    page = site.browser(Role.VIEWER).get(f"/reports/ch13/{DAY}").get_data(as_text=True)
    assert "1 filler clip, bulletins" in page
    assert "=Council, live started 5:00 late: after the break" in page
    assert "aired late" in page
    assert "so far" in page


def test_the_csv_has_every_stretch_and_no_formula(site: Site) -> None:
    seen(site)
    answer = site.browser(Role.VIEWER).get(f"/reports/ch13/{DAY}.csv")
    assert answer.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [line["layer"] for line in lines] == ["deck", "board", "deck"]
    assert lines[2]["title"] == "'=Council, live"
    assert lines[2]["start"] == "2026-11-22T14:05:00.000-05:00"
    assert lines[2]["seconds"] == "3300.000"


def test_a_day_that_is_none_is_said_so(site: Site) -> None:
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


def test_older_changes_are_a_page_away(site: Site) -> None:
    for number in range(60):
        programs.add(site.db, ADMIN, NOW, ProgramDraft(title=f"Program {number:02}"))
    viewer = site.browser(Role.VIEWER)
    first = viewer.get("/history").get_data(as_text=True)
    assert "Program 59" in first and "Program 05" not in first
    older = first.split('href="/history?')[-1].split('"')[0].replace("&amp;", "&")
    assert "Program 05" in viewer.get(f"/history?{older}").get_data(as_text=True)
