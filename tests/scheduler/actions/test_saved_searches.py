"""Saved searches: what draws from them follows what they find, and says so ahead of time."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    VIEWER,
    a_channel,
    a_source,
    an_airing,
    an_asset,
)

from playout.model.plan import EndRule, MissedStart, Plan, StartRule
from playout.model.search import AssetFilter
from playout.model.wire import decode
from playout.state.air_state import AirState
from playout.timing.choosing import resolve_choices
from scheduler.actions import details, searches, series
from scheduler.actions.undo import undo
from scheduler.changing.chosen import follow_choices
from scheduler.changing.series_airings import AIRINGS_MADE_AHEAD
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.domain.air.readiness import Light
from scheduler.domain.library.details import Details
from scheduler.domain.library.saved_search import SavedSearch, SavedSearchDraft
from scheduler.domain.library.search import Search
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.series.recurrence import Rule, Series, SeriesDraft, Weekly
from scheduler.process.publish import publish
from scheduler.queries import searches as asked
from scheduler.queries.changes import changes, latest
from scheduler.queries.dryrun import simulate
from scheduler.queries.host_api import published_plan
from scheduler.reading.airing_views import airing_views
from scheduler.refusals import Forbidden, Refused

COUNCIL = Search(filter=AssetFilter(body="City Council", within_days=30))


def described(db: Database, title: str, day: date, key: str, length: timedelta = HOUR) -> Asset:
    asset = an_asset(db, title, key, length)
    details.edit(db, PLANNER, NOW, asset.id, Details(day=day, body="City Council"), 0)
    return asset


def a_search(db: Database, search: Search = COUNCIL, name: str = "Newest Council") -> SavedSearch:
    return searches.add(db, PLANNER, NOW, SavedSearchDraft(name, search))


def a_series(db: Database, search: SavedSearch, **over: object) -> Series:
    """Add a rule for Monday, Wednesday and Friday at 14:00; it is Sunday, November 22."""
    rule = Rule(
        "America/New_York", NOW.time().replace(hour=14), Weekly(frozenset({0, 2, 4})),
        date(2026, 11, 22),
    )  # fmt: skip
    airing = AiringDraft(
        CH13, "Council replay", NOW, HOUR, search=search.id, start_rule=StartRule.WAIT,
        wait_limit=HOUR, end_rule=EndRule.FINISH, missed=MissedStart.TOP,
    )  # fmt: skip
    draft = SeriesDraft("Council replay", rule, replace(airing, **over))  # type: ignore[arg-type]
    return series.add(db, PLANNER, NOW, draft)


def coming(db: Database) -> list[Airing]:
    with db.read() as session:
        rows = find.plan.airings(session, CH13, NOW, NOW + AIRINGS_MADE_AHEAD)
        return [load.plan.airing(row) for row in rows]


def lights(db: Database) -> list[tuple[Light, str]]:
    with db.read() as session:
        rows = find.plan.airings(session, CH13, NOW, NOW + timedelta(days=2))
        return [(one.readiness, one.why) for one in airing_views(session, rows, NOW)]


def on_air(db: Database) -> list[str]:
    """Return the titles that the published plan would air, as things are."""
    publish(db, CH13, NOW)
    published = published_plan(db, CH13)
    assert published is not None
    plan = resolve_choices(decode(Plan, published.body), AirState())
    return [one.title for one in plan.items]


@pytest.fixture
def channel(db: Database) -> None:
    a_channel(db)


@pytest.mark.usefixtures("channel")
def test_a_standing_rule_airs_the_newest_and_its_slot_follows_the_file(db: Database) -> None:
    described(db, "Council, Nov 10", date(2026, 11, 10), "a", 2 * HOUR)
    a_series(db, a_search(db))
    assert on_air(db)[:2] == ["Council replay: Council, Nov 10"] * 2

    described(db, "Council, Nov 17", date(2026, 11, 17), "b", 90 * MINUTE)
    assert on_air(db)[:2] == ["Council replay: Council, Nov 17"] * 2
    monday, wednesday = coming(db)[:2]
    assert monday.draft.length == wednesday.draft.length == 90 * MINUTE
    assert series.materialise_all(db, NOW) == 0, "the rule leaves that length alone"


@pytest.mark.usefixtures("channel")
def test_viewers_read_the_newest_until_a_day_before_and_then_its_name(db: Database) -> None:
    described(db, "Council, Nov 17", date(2026, 11, 17), "b")
    a_series(db, a_search(db))
    follow_choices(db, CH13, NOW)
    late = NOW + timedelta(hours=6)

    assert [one.title for one in coming(db)[:2]] == ["Council replay: newest"] * 2
    before = coming(db)[0]
    follow_choices(db, CH13, late)
    after = coming(db)[0]
    assert after.title == "Council replay: Council, Nov 17"
    assert after.sequence == before.sequence + 1 and after.public_modified > before.public_modified
    assert follow_choices(db, CH13, late) == 0, "nothing is written a second time"


@pytest.mark.usefixtures("channel")
def test_an_airing_that_finds_nothing_is_red_a_day_ahead_and_in_the_dry_run(db: Database) -> None:
    a_series(db, a_search(db), start_rule=StartRule.HARD)
    words = "“Newest Council” finds nothing for it; filler airs in its place."
    later = NOW + timedelta(hours=2)

    with db.read() as session:
        rows = find.plan.airings(session, CH13, later, later + timedelta(days=1))
        (view,) = airing_views(session, rows, later)
    assert (view.readiness, view.why) == (Light.RED, words)
    (run,) = simulate(db, NOW)
    assert any("its saved search finds nothing" in one.sentence for one in run.found)


@pytest.mark.usefixtures("channel")
def test_a_light_says_what_would_air_and_what_will_take_its_place(db: Database) -> None:
    described(db, "Council, Nov 17", date(2026, 11, 17), "b")
    a_series(db, a_search(db, Search("council")))
    shown = "Shows Council, Nov 17, unless a newer one is found."
    assert lights(db) == [(Light.READY, shown)]
    (run,) = simulate(db, NOW)
    assert [one.why for one in run.chosen] == [shown] * 3

    an_airing(db, NOW + 5 * HOUR, title="Council tonight", source=a_source(db), record=True)
    assert lights(db)[-1] == (
        Light.READY,
        "Shows the recording of Council tonight; until then Council, Nov 17.",
    )


@pytest.mark.usefixtures("channel")
def test_a_search_in_use_is_removed_only_by_somebody_who_saw_what_it_feeds(db: Database) -> None:
    found = a_search(db)
    made = a_series(db, found)
    searches.set_filler(db, PLANNER, NOW, CH13, found.id, used=True)

    with pytest.raises(Refused, match="the series Council replay, the gaps of City Channel 13"):
        searches.remove(db, PLANNER, NOW, found.id, found.version)
    seen = [one.id for one in asked.card(db, found.id, NOW).uses]
    assert seen == [f"series-{made.id}", "filler-ch13"]
    searches.remove(db, PLANNER, NOW, found.id, found.version, seen)
    assert asked.cards(db, NOW) == ()
    change = latest(db, "search", found.id)
    assert change is not None
    undo(db, PLANNER, NOW, change.id)
    assert [one.saved.id for one in asked.cards(db, NOW)] == [found.id]


@pytest.mark.usefixtures("channel")
def test_what_a_search_finds_fills_gaps_until_it_is_taken_out_or_undone(db: Database) -> None:
    described(db, "Council, Nov 17", date(2026, 11, 17), "b")
    found = a_search(db)

    def filler() -> tuple[str, ...]:
        publish(db, CH13, NOW)
        published = published_plan(db, CH13)
        assert published is not None
        return decode(Plan, published.body).filler_titles

    assert filler() == ()
    searches.set_filler(db, PLANNER, NOW, CH13, found.id, used=True)
    assert filler() == ("Council, Nov 17",)
    undo(db, PLANNER, NOW, changes(db)[0].id)
    assert filler() == ()


@pytest.mark.usefixtures("channel")
def test_a_search_is_shown_in_the_order_in_which_it_would_be_used(db: Database) -> None:
    described(db, "Council, Nov 10", date(2026, 11, 10), "a")
    described(db, "Council, Nov 17", date(2026, 11, 17), "b")
    described(db, "Council, June", date(2026, 6, 10), "c")
    found = asked.found_now(db, SavedSearchDraft("", COUNCIL), NOW)

    assert (found.count, [one.title for one in found.first]) == (
        2,
        ["Council, Nov 17", "Council, Nov 10"],
    )


@pytest.mark.usefixtures("channel")
def test_searches_are_for_those_who_plan(db: Database) -> None:
    with pytest.raises(Forbidden):
        searches.add(db, VIEWER, NOW, SavedSearchDraft("Council", COUNCIL))
    with pytest.raises(Refused):
        searches.add(db, PLANNER, NOW, SavedSearchDraft("", COUNCIL))
