"""S26, S27: the two days on which clocks change, aired by the real agent and accounted for."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, PLANNER, a_draft, a_source, an_asset
from support.website import Site
from support.whole_system import WholeSystem

from playout.model.plan import EndRule, Outcome
from scheduler.actions import filler, series, slides
from scheduler.domain.model.slide import SlideDraft
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft

ZONE = ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)
DAILY = Weekly(frozenset(range(7)))


def local(day: date, at: time) -> datetime:
    """Return an instant by wall time; the first one if that time comes twice."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def a_house(site: Site, folder: Path, day: date, nightly: time, length: timedelta) -> WholeSystem:
    """Return a system ten minutes before the day: a program each night, a meeting at ten each
    morning.
    """
    midnight = local(day, time(0))
    site.clock.advance(midnight - 10 * MINUTE - site.clock.utc())
    now = site.clock.utc()
    clip, show = an_asset(site.db, "Clip", "b", HOUR), an_asset(site.db, "Show", "c", length)
    filler.set_filler(site.db, PLANNER, now, CH13, clip.id, True)
    slides.add(site.db, PLANNER, now, SlideDraft("Office hours", "", None, now - HOUR))
    night = a_draft(now, title="Nightly", length=length, asset=show.id)
    live = a_draft(
        now, title="Council", source=a_source(site.db), end_rule=EndRule.HOLD, length=HOUR
    )
    for at, draft in ((nightly, night), (time(10), live)):
        rule = Rule("America/New_York", at, DAILY, day)
        series.add(site.db, PLANNER, now, SeriesDraft(draft.title, rule, draft))
    house = WholeSystem(site, folder)
    house.run_for(2)
    return house


@pytest.mark.parametrize(
    ("day", "nightly", "length", "starts", "ends", "hours"),
    [
        (date(2027, 3, 14), time(2, 30), HOUR, "03:30 EDT", "04:30 EDT", 23),
        (date(2027, 11, 7), time(1, 30), HOUR / 3, "01:30 EDT", "01:50 EDT", 25),
        (date(2027, 11, 7), time(0, 30), 3 * HOUR, "00:30 EDT", "02:30 EST", 25),
    ],
)
def test_s26_s27_the_day_airs_by_the_wall_clock_and_as_run_accounts_for_each_of_its_hours(
    site: Site, tmp_path: Path, day: date, nightly: time, length: timedelta, starts: str,
    ends: str, hours: int,
) -> None:  # fmt: skip
    house = a_house(site, tmp_path, day, nightly, length)
    house.run_until(local(day, time(11)), most=600)
    house.give("adjourn")
    half = house.day(day)
    house.run_until(local(day + timedelta(days=1), time(0)) + 61 * MINUTE, most=600)
    whole, page = house.day(day), house.page(f"/reports/ch13/{day}")
    shown = {
        f"{run.title} {run.start.astimezone(ZONE):%H:%M %Z}": f"{run.end.astimezone(ZONE):%H:%M %Z}"
        for run in whole.runs
        if run.item is not None and run.start < whole.ends
    }

    zone = "EDT" if hours == 23 else "EST"
    assert shown == {f"Nightly {starts}": ends, f"Council 10:00 {zone}": f"11:00 {zone}"}
    assert {run.outcome for run in whole.runs if run.item is not None} == {Outcome.AIRED}
    assert whole.ends - whole.starts == whole.share.whole == hours * HOUR
    assert abs(half.share.whole - (hours - 13) * HOUR) < MINUTE
    assert whole.share.unseen < SECOND and whole.share.slate < SECOND
    assert abs(whole.share.programs - length - HOUR) < 5 * SECOND
    assert round(whole.share.on_air, 4) == 1
    assert "100.00 % on air" in page
