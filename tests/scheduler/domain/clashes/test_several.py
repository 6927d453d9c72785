"""Several airings at once onto a planned channel: what meets what, and each way for all of them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import (
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_draft,
    an_asset,
    plan_version,
)
from support.domain_values import airing, asset

from config.names import AiringId, Revision
from playout.model.plan import EndRule
from playout.model.rundown import Rundown
from playout.state.air_state import AirState
from playout.timing.compare import TimeOnAir
from playout.timing.settle import settle
from scheduler.actions import airings, anchors, series
from scheduler.actions.undo import undo
from scheduler.db.store import Database
from scheduler.domain.air.build_plan import Snapshot, build_plan
from scheduler.domain.clashes.consequences import AiringChange, Edits, consequences
from scheduler.domain.clashes.one import Way, WayOut
from scheduler.domain.clashes.ripple import overlap
from scheduler.domain.clashes.several import WORSE, GroupChange, overlaps
from scheduler.domain.clashes.several import ways_for_all as all_ways
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.protected_times import AnchorDraft
from scheduler.domain.series.affected_days import with_days
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import AddedDay, MovedDay, Rule, SeriesDraft, SkippedDay
from scheduler.queries import grid
from scheduler.queries import series as asked
from scheduler.queries.changes import changes
from scheduler.queries.conflicts import WeighedGroup, weigh_all
from scheduler.refusals import Conflict

AT = NOW + 54 * HOUR
"""Tuesday 19:00 in New York."""
A, B = AiringId("a"), AiringId("b")
CHANNEL = Channel(
    CH13, "City Channel 13", "America/New_York", "1280x720@30000/1001", "", "", "Back soon",
    HOUR, False, 1, 1,
)  # fmt: skip


def group(**over: Any) -> GroupChange:
    standing = {AiringId("x"): a_draft(AT), AiringId("y"): a_draft(AT + HOUR)}
    return replace(GroupChange({}, standing, {}, NOW), **over)


@pytest.mark.parametrize(
    ("start", "length", "over"),
    [
        (AT - HOUR, HOUR, None),  # ends as the other begins
        (AT - HOUR, 61 * MINUTE, ["x"]),
        (AT + HOUR / 2, HOUR, ["x", "y"]),
        (AT + 2 * HOUR, HOUR, None),
    ],
)
def test_overlaps_are_found_to_the_second(
    start: datetime, length: timedelta, over: list[str] | None
) -> None:
    found = overlaps(group(wanted={A: a_draft(start, length=length)}))
    assert found == ({A: over} if over else {})


def test_airings_of_one_change_or_with_unchanged_times_do_not_clash() -> None:
    x, y = AiringId("x"), AiringId("y")
    away = group(wanted={x: None, A: a_draft(AT)})
    assert overlaps(away) == {}
    pair = group(wanted={A: a_draft(AT + 3 * HOUR), B: a_draft(AT + 3 * HOUR)})
    assert overlaps(pair) == {}
    over = {x: a_draft(AT), y: a_draft(AT + HOUR / 2)}
    assert overlaps(group(standing=over, wanted={y: replace(over[y], title="Renamed")})) == {}
    assert overlaps(group(standing=over, wanted={y: a_draft(AT + MINUTE)})) == {y: [x]}


RULE = Rule("America/New_York", time(10), Weekly(frozenset({1})), date(2026, 11, 1))
TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
LATER = datetime(2026, 11, 24, 21)  # noqa: DTZ001 - local, as rules are


@pytest.mark.parametrize(
    ("before", "days", "after"),
    [
        ((), {}, ()),
        ((), {TUESDAY: None}, (SkippedDay(TUESDAY),)),
        ((), {TUESDAY: LATER}, (MovedDay(TUESDAY, LATER),)),
        ((MovedDay(TUESDAY, LATER),), {TUESDAY: None}, (SkippedDay(TUESDAY),)),
        ((AddedDay(FRIDAY, time(9)),), {FRIDAY: None}, (SkippedDay(FRIDAY),)),
        (
            (AddedDay(FRIDAY, time(9)),),
            {FRIDAY: LATER + timedelta(3)},
            (AddedDay(FRIDAY, time(21)),),
        ),
        ((SkippedDay(FRIDAY),), {TUESDAY: LATER}, (SkippedDay(FRIDAY), MovedDay(TUESDAY, LATER))),
    ],
)
def test_days_that_clash_become_exceptions_of_the_rule(before: Any, days: Any, after: Any) -> None:
    assert with_days(replace(RULE, exceptions=before), days).exceptions == after


class Tuesday:
    """Council 19:00–20:00 and Planning 20:00–21:00, each with a file."""

    def __init__(self, db: Database) -> None:
        self.db = db
        a_channel(db)
        self.file = an_asset(db, length=3 * HOUR).id
        self.council = self.put("Council", AT)
        self.planning = self.put("Planning", AT + HOUR)

    def put(self, title: str, start: datetime, **over: Any) -> Airing:
        return airings.add(self.db, PLANNER, NOW, self.draft(title, start, **over))

    def draft(self, title: str, start: datetime, **over: Any) -> AiringDraft:
        return a_draft(start, title=title, **{"asset": self.file, **over})

    def weigh(self, *drafts: AiringDraft) -> WeighedGroup:
        wanted = {AiringId(f"copy-{n}"): draft for n, draft in enumerate(drafts)}
        return weigh_all(self.db, CH13, wanted, NOW)

    def ways(self, *drafts: AiringDraft) -> dict[Way, WayOut]:
        return {one.way: one for one in self.weigh(*drafts).ways}


@pytest.fixture
def tuesday(sqlite_db: Database) -> Tuesday:
    return Tuesday(sqlite_db)


def told(effects: tuple[AiringChange, ...]) -> list[str]:
    return [f"{one.title} {one.effect} {hours(one.after)}" for one in effects]


def hours(time: TimeOnAir | None) -> str:
    return f"{time.start:%H:%M}-{time.end:%H:%M}" if time else ""


def left(choice: WayOut) -> list[tuple[str, str]]:
    return [(one.title, why) for one, why in choice.left]


def test_a_group_that_overlaps_nothing_asks_no_question(tuesday: Tuesday) -> None:
    weighed = tuesday.weigh(tuesday.draft("Parks", AT - HOUR), tuesday.draft("Zoo", AT + 2 * HOUR))
    assert (weighed.clashes, weighed.ways) == ((), ())
    assert weigh_all(tuesday.db, CH13, {}, NOW).ways == ()


def test_each_way_says_what_viewers_would_see_of_all_of_them(tuesday: Tuesday) -> None:
    parks = tuesday.draft("Parks", AT + HOUR / 2)
    budget = tuesday.draft("Budget", AT + 4 * HOUR)
    weighed = tuesday.weigh(parks, budget)
    ((one, others),) = weighed.clashes
    assert (one.title, [o.title for o in others]) == ("Parks", ["Council", "Planning"])
    ways = {choice.way: choice for choice in weighed.ways}
    assert all(choice.possible for choice in ways.values())
    assert (left(ways[Way.SKIP]), told(ways[Way.SKIP].effects)) == ([("Parks", "")], [])
    assert told(ways[Way.RULES].effects) == [
        "Council shorter 00:00-00:30",
        "Parks shorter 00:30-01:00",
    ]
    assert told(ways[Way.ELSEWHERE].effects) == ["Parks moved 02:00-03:00"]
    assert [ways[way].moves for way in ways] == [0, 0, 1]
    for choice in ways.values():
        assert tuesday.council.id not in choice.edits and choice.edits[AiringId("copy-1")]


@pytest.mark.parametrize(
    "over",
    [
        {"locked": True},
        {"asset": None, "source": "chamber", "end_rule": EndRule.HOLD},
        {"start": AT + 4 * HOUR},  # protected
    ],
)
def test_fixed_airings_air_unchanged_by_every_way(tuesday: Tuesday, over: dict[str, Any]) -> None:
    anchors.protect(tuesday.db, PLANNER, NOW, AnchorDraft(CH13, time(23)))
    wall = tuesday.put("Wall", **{"start": AT + 2 * HOUR, **over})
    zoo = tuesday.draft("Zoo", wall.start - HOUR / 2, length=HOUR / 2 + MINUTE)
    ways = tuesday.ways(zoo)
    assert all(choice.possible for choice in ways.values())
    assert not any("Wall" in said for one in ways.values() for said in told(one.effects))
    assert not any(wall.id in one.edits for one in ways.values())
    assert left(ways[Way.RULES]) == []


def test_an_airing_that_would_displace_a_locked_one_is_left_out_with_the_reason(
    tuesday: Tuesday,
) -> None:
    tuesday.put("Wall", AT + 2 * HOUR, locked=True)
    zoo = tuesday.draft("Zoo", AT + 2 * HOUR + 50 * MINUTE)
    parks = tuesday.draft("Parks", AT + HOUR / 2, length=HOUR / 2)
    ways = tuesday.ways(parks, zoo)
    assert left(ways[Way.RULES]) == [("Zoo", "Wall cannot give way: it is locked.")]
    assert told(ways[Way.RULES].effects) == ["Council shorter 00:00-00:30"]
    assert left(ways[Way.SKIP]) == [("Parks", ""), ("Zoo", "")]
    alone = tuesday.ways(zoo)
    assert alone[Way.RULES].why_not == "Wall cannot give way: it is locked."
    assert alone[Way.SKIP].possible and alone[Way.ELSEWHERE].possible


def test_an_airing_without_a_file_yet_is_reported_as_moved(tuesday: Tuesday) -> None:
    ways = tuesday.ways(tuesday.draft("Parks", AT, asset=None))
    assert told(ways[Way.ELSEWHERE].effects) == ["Parks moved 02:00-03:00"]


def test_a_copy_never_cuts_what_is_on_air(tuesday: Tuesday) -> None:
    tuesday.put("Running", NOW - HOUR / 2)
    ways = tuesday.ways(tuesday.draft("Parks", NOW + MINUTE))
    assert ways[Way.RULES].why_not == "Running cannot give way: it is on air."
    assert told(ways[Way.ELSEWHERE].effects) == ["Parks moved 18:30-19:30"]


def test_a_copied_live_is_never_put_at_another_time(tuesday: Tuesday) -> None:
    live = tuesday.draft("Hearing", AT, asset=None, source="chamber", end_rule=EndRule.HOLD)
    ways = tuesday.ways(live)
    assert ways[Way.ELSEWHERE].why_not == "Hearing cannot move: it is live."
    ways = tuesday.ways(live, tuesday.draft("Parks", AT + HOUR))
    assert left(ways[Way.ELSEWHERE]) == [("Hearing", "Hearing cannot move: it is live.")]
    assert told(ways[Way.ELSEWHERE].effects) == ["Parks moved 02:00-03:00"]


slots = st.integers(0, 40).map(lambda n: NOW + HOUR + n * 10 * MINUTE)
some = st.lists(
    st.builds(
        lambda start, tens, locked: a_draft(
            start, length=tens * 10 * MINUTE, asset=asset().id, locked=locked
        ),
        slots, st.integers(1, 9), st.booleans(),
    ),
    max_size=6,
)  # fmt: skip


@given(standing=some, coming=some)
def test_no_way_displaces_a_locked_airing_and_moved_airings_land_in_free_slots(
    standing: list[AiringDraft], coming: list[AiringDraft]
) -> None:
    stands = {AiringId(f"s{n}"): draft for n, draft in enumerate(standing)}
    wanted = {AiringId(f"w{n}"): draft for n, draft in enumerate(coming)}

    def settled(edits: Edits) -> Rundown:
        plan = {id: draft for id, draft in {**stands, **edits}.items() if draft}
        rows = tuple(airing(draft, id=id) for id, draft in plan.items())
        read = Snapshot(CHANNEL, rows, {asset().id: asset(minutes=120)}, (), ())
        return settle(build_plan(read, NOW, NOW + 48 * HOUR, NOW, Revision(0)), AirState(), NOW)

    fixed = {id: "it is locked" for id, draft in stands.items() if draft.locked}
    made = GroupChange(wanted, stands, fixed, NOW)
    meets = overlaps(made)
    if not meets:
        return
    for choice in all_ways(made, meets, settled({}), settled):
        if not choice.possible:
            continue
        assert choice.edits.keys() == wanted.keys()
        after = {id: draft for id, draft in choice.edits.items() if draft}
        assert len(after) + len(choice.left) == len(wanted)
        aired = consequences(settled({}), settled(after), stands, {})
        assert not [one for one in aired if one.id in fixed and one.effect in WORSE]
        for id in meets.keys() & after.keys() if choice.way is Way.ELSEWHERE else ():
            others = [*stands.values(), *(d for i, d in after.items() if i != id)]
            assert not any(overlap(after[id], other) for other in others)


def starts(db: Database, monday: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for view in grid.week(db, [CH13], monday, NOW).airings:
        found.setdefault(view.airing.title, []).append(f"{view.airing.start:%d %H:%M}")
    return found


def test_a_copy_made_from_a_stale_plan_is_refused_and_changes_nothing(db: Database) -> None:
    tuesday = Tuesday(db)
    seen = plan_version(db, CH13)
    copies = [(tuesday.council.id, AT + 24 * HOUR)]
    tuesday.put("Parks", AT + 24 * HOUR)
    before = len(changes(db, limit=50))
    with pytest.raises(Conflict, match="changed since"):
        airings.copy_all(db, PLANNER, NOW, CH13, seen, copies)
    assert len(changes(db, limit=50)) == before
    seen = plan_version(db, CH13)
    airings.copy_all(db, PLANNER, NOW, CH13, seen, copies)
    assert plan_version(db, CH13) == seen + 1
    assert starts(db, date(2026, 11, 23))["Council"] == ["25 00:00", "26 00:00"]
    undo(db, PLANNER, NOW, changes(db, limit=1)[0].id)
    assert starts(db, date(2026, 11, 23))["Council"] == ["25 00:00"]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each in a thread of its own, all begun together; what each returned or raised."""
    gate, found = threading.Barrier(len(acts)), []

    def one(act: Callable[[], Any]) -> None:
        gate.wait(10)
        try:
            found.append(act())
        except Conflict as conflict:
            found.append(conflict)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_two_simultaneous_copies_one_gets_a_conflict(db: Database) -> None:
    tuesday = Tuesday(db)
    pair = (tuesday.council, tuesday.planning)
    for weeks in range(1, 6):
        later, seen = timedelta(weeks=weeks), plan_version(db, CH13)
        copies = [(one.id, one.start + later) for one in pair]
        copied = partial(airings.copy_all, db, PLANNER, NOW, CH13, seen, copies)
        found = at_once(copied, copied)
        assert sorted(type(one).__name__ for one in found) == ["Conflict", "tuple"]
        stand = starts(db, date(2026, 11, 23) + later)
        assert [len(times) for times in stand.values()] == [1, 1]


def test_a_series_previews_what_each_of_its_days_would_be(db: Database) -> None:
    tuesday = Tuesday(db)
    draft = SeriesDraft("Daily", RULE, tuesday.draft("Daily", NOW))
    new = asked.planned_airings(db, draft, NOW)
    assert [day.isoformat() for day, _ in new.values()] == list(new)[:5]
    made = series.add(db, PLANNER, NOW, draft)
    seen = grid.week(db, [CH13], date(2026, 11, 23), NOW).airings
    first = next(view.airing for view in seen if view.airing.title == "Daily")
    airings.move(db, PLANNER, NOW, first.id, first.start + HOUR, first.version)
    late = replace(draft, rule=replace(RULE, at=time(19), last=date(2026, 12, 9)))
    placed = asked.planned_airings(db, late, NOW, made.id)
    assert first.id not in placed and len(placed) == 4
    assert [draft and f"{draft.start:%m-%d %H}" for _, draft in placed.values()] == [
        "12-02 00", "12-09 00", None, None,
    ]  # fmt: skip
    split = asked.planned_airings(db, late, NOW, made.id, date(2026, 12, 8))
    assert [day for day, _ in split.values()][0] == date(2026, 12, 8)


def test_a_series_saved_from_a_stale_plan_is_refused(db: Database) -> None:
    tuesday = Tuesday(db)
    draft = SeriesDraft("Daily", RULE, tuesday.draft("Daily", NOW))
    seen = plan_version(db, CH13)
    tuesday.put("Parks", AT + 24 * HOUR)
    with pytest.raises(Conflict, match="changed since"):
        series.add(db, PLANNER, NOW, draft, seen)
    made = series.add(db, PLANNER, NOW, draft, seen + 1)
    with pytest.raises(Conflict, match="changed since"):
        other = replace(draft, title="Weekly")
        series.edit(db, PLANNER, NOW, made.id, other, made.version, seen + 1)
    with pytest.raises(Conflict, match="changed since"):
        series.except_day(db, PLANNER, NOW, made.id, SkippedDay(TUESDAY), made.version, seen + 1)
    series.except_day(db, PLANNER, NOW, made.id, SkippedDay(TUESDAY), made.version, seen + 2)
