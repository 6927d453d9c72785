"""The shortest way through all rooms: an airing becomes a plan, is reported, and is judged."""

from datetime import timedelta

from support.desk import CH13, HOUR, MINUTE, NOW, a_channel, an_airing, an_asset

from config.names import CueId, ItemId
from playout.model.plan import Outcome, Plan
from playout.model.wire import AsRun, JournalEntry, Report, Status, decode
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions.reports import accept_report
from scheduler.db.store import Database
from scheduler.process.publish import publish_changed
from scheduler.queries import grid, onair, reports, rundown
from scheduler.queries.host_api import published_plan


def a_status(at, revision):  # type: ignore[no-untyped-def]
    return Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None,
        title="", started=None, ends=None, offset=0.0, revision=revision, serial=1, outputs=1,
        late_ticks=0, clock_step=0.0,
    )  # fmt: skip


def test_an_airing_becomes_a_plan_and_returns_as_run(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    airing = an_airing(db, asset=asset.id)
    assert publish_changed(db, NOW) == {CH13: 1}
    published = published_plan(db, CH13)
    assert published is not None
    plan = decode(Plan, published.body)
    assert [item.id for item in plan.items] == [airing.id]
    expected = settle(plan, AirState(), NOW)
    later = NOW + 2 * HOUR + 5 * MINUTE
    run = AsRun(
        cue=CueId("c1"), item=ItemId(airing.id), airing=airing.id, title=airing.title,
        planned_start=airing.start, planned_end=airing.end, start=airing.start,
        end=airing.end, ticks=100, held=0, dropped=0, outcome=Outcome.AIRED, layer="deck",
    )  # fmt: skip
    entry = JournalEntry(number=1, id="j1", at=airing.end, kind="as-run", as_run=run)
    report = Report(a_status(later, 1), expected, (entry,))
    assert accept_report(db, CH13, report, later).acknowledged == 1
    assert accept_report(db, CH13, report, later).acknowledged == 1
    view = grid.airing(db, airing.id, later)
    assert view.airing.outcome is Outcome.AIRED
    (aired,) = reports.pieces_between(db, CH13, NOW, later)
    assert (aired.run.title, aired.start, aired.end) == (airing.title, airing.start, airing.end)
    day = rundown.day(db, CH13, NOW.date(), later)
    assert sum((line.length for line in day.lines), timedelta(0)) == timedelta(days=1)
    assert onair.on_air(db, CH13, later).state == "on air"
    assert not onair.on_air(db, CH13, later).predicted
    assert onair.on_air(db, CH13, later + MINUTE).predicted
