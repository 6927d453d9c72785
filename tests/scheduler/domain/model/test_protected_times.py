"""Protected times: from 20:00 nothing moves, whoever runs over."""

from datetime import date, time, timedelta

from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft, an_airing, an_asset

from config.names import Revision
from playout.model.plan import EndRule, StartRule
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import anchors
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.air.build_plan import build_plan
from scheduler.domain.clashes.one import Way
from scheduler.domain.model.protected_times import AnchorDraft
from scheduler.queries.changes import changes
from scheduler.queries.conflicts import weigh
from scheduler.reading.snapshot import snapshot

EIGHT = NOW + 7 * HOUR
"""20:00 in New York."""


def starts(db: Database) -> dict[str, str]:
    with db.read() as session:
        read = snapshot(session, CH13, NOW, NOW + timedelta(days=1))
    plan = build_plan(read, NOW, NOW + timedelta(days=1), NOW, Revision(1))
    cues = settle(plan, AirState(), NOW).cues
    return {cue.title: f"{cue.start:%H:%M}" for cue in reversed(cues) if cue.airing}


def test_no_airing_runs_past_a_protected_time(db: Database) -> None:
    a_channel(db)
    file = an_asset(db, length=2 * HOUR).id
    an_airing(db, EIGHT - HOUR, title="Long", length=HOUR, end_rule=EndRule.FINISH, asset=file)
    an_airing(db, EIGHT, title="News", start_rule=StartRule.FOLLOW, asset=file)
    assert starts(db) == {"Long": "00:00", "News": "02:00"}
    made = anchors.protect(db, PLANNER, NOW, AnchorDraft(CH13, time(20)))
    assert starts(db) == {"Long": "00:00", "News": "01:00"}
    anchors.release(db, PLANNER, NOW, made.id)
    assert starts(db)["News"] == "02:00"
    undo(db, PLANNER, NOW, changes(db, "anchor", limit=1)[0].id)
    assert starts(db)["News"] == "01:00"


def test_a_ripple_goes_round_airings_protected_on_that_day(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    file = an_asset(sqlite_db, length=2 * HOUR).id
    first = an_airing(sqlite_db, EIGHT - 2 * HOUR, title="First", asset=file)
    second = an_airing(sqlite_db, EIGHT - HOUR, title="Second", asset=file)
    news = an_airing(sqlite_db, EIGHT, title="News", asset=file)
    wrong_day = AnchorDraft(CH13, time(20), date(2026, 11, 23))
    anchors.protect(sqlite_db, PLANNER, NOW, wrong_day)
    longer = a_draft(first.start, title="First", length=90 * MINUTE, asset=file)

    def ripple() -> dict[str, object]:
        ways = {one.way: one for one in weigh(sqlite_db, longer, NOW, first.id).choices}
        return {id: draft.start for id, draft in ways[Way.RIPPLE].edits.items() if draft}

    assert ripple()[news.id] == EIGHT + 30 * MINUTE
    anchors.protect(sqlite_db, PLANNER, NOW, AnchorDraft(CH13, time(20), date(2026, 11, 22)))
    assert news.id not in ripple()
    assert ripple()[second.id] == EIGHT + HOUR
