"""All that a channel publishes or shows, which a mere proposal must not change."""

from datetime import date, timedelta
from typing import Any

from support.as_run import as_run_day
from support.desk import CH13, MINUTE, NOW, a_draft, plan_version

from scheduler.db.store import Database
from scheduler.feeds.lineup import Feeds
from scheduler.queries import conflicts, grid, host_api, onair, public, rundown
from scheduler.queries.dryrun import simulate

MONDAY = date(2026, 11, 16)


def everything_published(db: Database) -> dict[str, Any]:
    """Return all that is published, shown to viewers, counted or warned about."""
    feeds = Feeds(db, "https://tv.example.gov", "tv.example.gov")
    day = NOW.date()
    plan, lineup, live = (
        host_api.published_plan(db, CH13), feeds.lineup(CH13, NOW), feeds.live(CH13, NOW),
    )  # fmt: skip
    assert plan and lineup and live
    weighed = conflicts.weigh(db, a_draft(NOW + 90 * MINUTE), NOW)
    return {
        "version": plan_version(db, CH13),
        "plan": plan.body,
        "feeds": (lineup.body, lineup.etag, live.body),
        "public": public.lineup(db, CH13, NOW, NOW + timedelta(days=1), NOW),
        "rundown": rundown.day(db, CH13, day, NOW),
        "week": grid.week(db, [CH13], MONDAY, NOW),
        "dry run": simulate(db, NOW),
        "clash": weighed,
        "report": as_run_day(db, CH13, day, NOW),
        "on air": onair.on_air(db, CH13, NOW),
    }
