"""A film series plays its episodes in order, whatever becomes of single airings."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft, an_asset

from scheduler.actions import airings, calendars, series
from scheduler.db.store import Database
from scheduler.db.tables.plan import AiringRow
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.ids import AssetId
from scheduler.domain.series.calendar import CalendarDraft, Observance, Policy
from scheduler.domain.series.episodes import ComingAiring, Episodes, assign_episodes, problems
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, Series, SeriesDraft, SkippedDay
from scheduler.queries import series as asked
from scheduler.queries.programs import series_card
from scheduler.refusals import Refused

ZONE = ZoneInfo("America/New_York")
WEEK = timedelta(weeks=1)
A, B, C = (AssetId(name) for name in "abc")
FILMS = Episodes((A, B, C))
ONCE = replace(FILMS, begins_again=False)


def told(episodes: Episodes, played: AssetId | None, *turns: ComingAiring) -> str:
    found = assign_episodes(episodes, played, turns)
    return "".join(found.get(turn.day, "-") for turn in turns)


def nights(count: int) -> list[ComingAiring]:
    return [ComingAiring(date(2026, 12, day + 1)) for day in range(count)]


@pytest.mark.parametrize(
    ("episodes", "played", "plays"),
    [
        (FILMS, None, "abcab"),
        (FILMS, A, "bcabc"),
        (FILMS, C, "abcab"),
        (FILMS, AssetId("gone"), "abcab"),
        (ONCE, None, "abc--"),
        (ONCE, B, "c----"),
        (ONCE, C, "-----"),
        (Episodes((B,)), B, "bbbbb"),
        (Episodes(), None, "-----"),
    ],
)
def test_each_airing_plays_the_one_after_the_last(
    episodes: Episodes, played: AssetId | None, plays: str
) -> None:
    assert told(episodes, played, *nights(5)) == plays


@pytest.mark.parametrize(
    ("by_hand", "plays"),
    [
        (None, "a-bca"),
        (B, "a-cab"),
        (A, "a-bca"),
        (AssetId("other"), "a-bca"),
    ],
)
def test_an_episode_chosen_by_hand_counts(by_hand: AssetId | None, plays: str) -> None:
    turns = nights(5)
    turns[1] = replace(turns[1], keeps=True, plays=by_hand)
    assert told(FILMS, None, *turns) == plays


def test_a_list_that_names_one_twice_is_refused() -> None:
    assert problems(FILMS) == {} and "episodes" in problems(Episodes((A, B, A)))


def a_film_series(db: Database, **over: Any) -> Series:
    a_channel(db)
    files = [an_asset(db, f"Part {n}", key, (40 + n) * MINUTE).id for n, key in enumerate("abc", 1)]
    rule = Rule("America/New_York", time(20), Weekly(frozenset({4})), date(2026, 11, 1))
    rule = replace(rule, **over.pop("rule", {}))
    draft = SeriesDraft("City Hall", rule, a_draft(title="City Hall"), Episodes(tuple(files)))
    return series.add(db, PLANNER, NOW, replace(draft, **over))


def coming(db: Database, made: Series, now: datetime = NOW) -> list[Airing]:
    return [view.airing for view in series_card(db, made.id, now).airings]


def parts(db: Database, made: Series, now: datetime = NOW) -> str:
    return " ".join(one.title.removeprefix("City Hall: Part ") for one in coming(db, made, now))


def test_every_night_has_its_episode_with_its_length_and_its_title(db: Database) -> None:
    made = a_film_series(db)
    found = coming(db, made)
    assert [one.title for one in found[:3]] == [f"City Hall: Part {n}" for n in (1, 2, 3)]
    assert [one.draft.length for one in found[:3]] == [(40 + n) * MINUTE for n in (1, 2, 3)]
    assert {one.start.astimezone(ZONE).hour for one in found} == {20}
    assert parts(db, made) == "1 2 3 1 2"


def test_extending_the_series_changes_no_airing_already_made(db: Database) -> None:
    made = a_film_series(db)
    before = coming(db, made)
    assert series.materialise_all(db, NOW) == 0
    assert series.materialise_all(db, NOW + 2 * WEEK) == 2
    later = coming(db, made, NOW + 2 * WEEK)
    assert later[:3] == before[2:] and parts(db, made, NOW + 2 * WEEK) == "3 1 2 3 1"


def test_a_night_left_out_or_cancelled_costs_no_episode(db: Database) -> None:
    made = a_film_series(db)
    one = coming(db, made)[1]
    airings.cancel(db, PLANNER, NOW, one.id, one.version)
    series.materialise_all(db, NOW)
    assert parts(db, made) == "1 2 3 1"
    skip = SkippedDay(coming(db, made)[1].series_day or date.min)
    series.except_day(db, PLANNER, NOW, made.id, skip, made.version)
    assert parts(db, made) == "1 2 3"


def test_a_holiday_moves_every_episode_after_it(db: Database) -> None:
    city = calendars.add(db, PLANNER, NOW, CalendarDraft("City", "Shut: 2026-12-04"))
    made = a_film_series(db, rule={"holidays": (Observance(city.id, Policy.SKIP),)})
    days = [one.start.astimezone(ZONE).day for one in coming(db, made)]
    assert days == [27, 11, 18, 25] and parts(db, made) == "1 2 3 1"


def test_an_episode_that_did_not_air_comes_again(db: Database) -> None:
    made = a_film_series(db)
    first = coming(db, made)[0]
    with db.write() as session:
        row = session.get(AiringRow, first.id)
        assert row is not None
        row.outcome = "missed"
    series.materialise_all(db, first.end + HOUR)
    assert parts(db, made, first.end + HOUR).startswith("1 2 3")


def test_after_the_last_one_it_ends_or_begins_again(db: Database) -> None:
    made = a_film_series(db)
    once = replace(made.draft, episodes=replace(made.draft.episodes, begins_again=False))
    meaning = asked.meaning(db, once, NOW, made.id)
    assert [one.why for one in meaning.out] == ["no episode is left"] * 7
    assert [meaning.titles[one.day][-1] for one in meaning.dates] == ["1", "2", "3"]
    series.edit(db, PLANNER, NOW, made.id, once, made.version)
    assert parts(db, made) == "1 2 3"


def test_from_a_day_on_it_goes_on_with_the_episode_that_follows(db: Database) -> None:
    made = a_film_series(db)
    day = coming(db, made)[2].series_day or date.min
    later = replace(made.draft, rule=replace(made.draft.rule, at=time(21)))
    preview = asked.meaning(db, later, NOW, made.id, day)
    new = series.split(db, PLANNER, NOW, made.id, day, later, made.version)
    assert (parts(db, made), parts(db, new)) == ("1 2", "3 1 2")
    assert [preview.titles[one.day][-1] for one in preview.dates[:3]] == ["3", "1", "2"]
    assert series.materialise_all(db, NOW) == 0


def test_an_episode_that_is_not_in_the_library_is_refused(db: Database) -> None:
    made = a_film_series(db)
    wrong = replace(made.draft, episodes=Episodes((AssetId("nowhere"),)))
    with pytest.raises(Refused) as refused:
        series.edit(db, PLANNER, NOW, made.id, wrong, made.version)
    assert "episodes" in refused.value.field_errors
    assert made.channel == CH13
