"""A change that collides: every way out with its consequence, and what may never move."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, a_channel, a_draft, an_asset

from config.names import AiringId
from playout.model.plan import EndRule, StartRule
from playout.timing.compare import TimeOnAir
from scheduler.actions import airings
from scheduler.db.store import Database
from scheduler.domain.clashes.consequences import AiringChange
from scheduler.domain.clashes.one import Way, WayOut
from scheduler.domain.clashes.ripple import free_slot, overlap, push_along
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.queries.conflicts import NEW_ID, weigh

AT = NOW + 6 * HOUR
"""19:00 in New York."""


class Evening:
    """Council 19:00–20:00, Planning 20:00–21:00, Zoning at 21:30, each with a file."""

    def __init__(self, db: Database) -> None:
        self.db = db
        a_channel(db)
        self.file = an_asset(db, length=3 * HOUR).id
        self.council = self.put("Council", AT)
        self.planning = self.put("Planning", AT + HOUR)
        self.zoning = self.put("Zoning", AT + 150 * MINUTE)

    def put(self, title: str, start: Any, **over: Any) -> Airing:
        draft = a_draft(start, title=title, **{"asset": self.file, **over})
        return airings.add(self.db, PLANNER, NOW, draft)

    def ways(self, draft: AiringDraft, airing: AiringId | None = None) -> dict[Way, WayOut]:
        return {one.way: one for one in weigh(self.db, draft, NOW, airing).choices}


@pytest.fixture
def evening(sqlite_db: Database) -> Evening:
    return Evening(sqlite_db)


def longer(airing: Airing, minutes: int) -> AiringDraft:
    return replace(airing.draft, length=airing.draft.length + minutes * MINUTE)


def told(effects: tuple[AiringChange, ...]) -> list[str]:
    return [f"{one.title} {one.effect} {hours(one.after)}" for one in effects]


def hours(time: TimeOnAir | None) -> str:
    return f"{time.start:%H:%M}-{time.end:%H:%M}" if time else ""


def test_a_change_that_overlaps_nothing_asks_no_question(evening: Evening) -> None:
    assert evening.ways(replace(evening.zoning.draft, length=2 * HOUR), evening.zoning.id) == {}
    assert evening.ways(a_draft(AT + 2 * HOUR, length=30 * MINUTE)) == {}


def test_an_overlap_that_stood_before_is_not_asked_about_again(evening: Evening) -> None:
    second = evening.put("Budget", AT + 30 * MINUTE)
    renamed = replace(second.draft, title="Budget hearing")
    assert evening.ways(renamed, second.id) == {}
    assert evening.ways(replace(renamed, start=AT + 20 * MINUTE), second.id)


@pytest.mark.parametrize(
    ("way", "effects"),
    [
        (Way.CUT, []),  # cut at 20:00 it airs as it did before
        (Way.RIPPLE, [
            "Council longer 00:00-01:45", "Planning moved 01:45-02:45", "Zoning moved 02:45-03:45",
        ]),
        (Way.JOIN, ["Council longer 00:00-01:45", "Planning moved 01:45-02:00"]),
        (Way.SKIP, ["Council longer 00:00-01:45", "Planning dropped "]),
        (Way.MOVE, ["Council longer 00:00-01:45", "Planning moved 03:30-04:30"]),
        (Way.ELSEWHERE, ["Council moved 03:30-05:15"]),
        (Way.RULES, ["Council airs 00:00-01:00", "Planning airs 01:00-02:00"]),
    ],
)  # fmt: skip
def test_each_way_out_says_what_viewers_would_see(
    evening: Evening, way: Way, effects: list[str]
) -> None:
    choice = evening.ways(longer(evening.council, 45), evening.council.id)[way]
    assert choice.possible
    assert told(choice.effects) == effects


def test_a_join_moves_the_in_point_by_what_is_missed(evening: Evening) -> None:
    choice = evening.ways(longer(evening.council, 45), evening.council.id)[Way.JOIN]
    planning = choice.edits[evening.planning.id]
    assert planning is not None
    assert (planning.in_point, planning.length) == (45 * MINUTE, 15 * MINUTE)


def test_a_ripple_crosses_midnight_and_goes_round_fixed_airings(evening: Evening) -> None:
    evening.put("Locked", AT + 4 * HOUR, locked=True)
    evening.put("Live", AT + 5 * HOUR, asset=None, source="chamber", end_rule=EndRule.HOLD)
    late = evening.put("Late", AT + 4 * HOUR - 30 * MINUTE, length=30 * MINUTE)
    ripple = evening.ways(longer(evening.council, 75), evening.council.id)[Way.RIPPLE]
    assert told(ripple.effects) == [
        "Council longer 00:00-02:15",
        "Planning moved 02:15-03:15",
        "Zoning moved 06:00-07:00",
        "Late moved 07:00-07:30",
    ]
    assert {evening.planning.id, evening.zoning.id, late.id} <= set(ripple.edits)
    assert ripple.moves == 3


def test_a_way_blocked_by_a_fixed_airing_says_why(evening: Evening) -> None:
    live = evening.put("Hearing", AT - HOUR, asset=None, source="chamber", end_rule=EndRule.HOLD)
    ways = evening.ways(a_draft(AT - 30 * MINUTE, length=20 * MINUTE, title="Extra"))
    assert ways[Way.CUT].why_not == "Hearing cannot be cut: it is live."
    assert ways[Way.SKIP].why_not == "Hearing cannot be skipped: it is live."
    assert ways[Way.MOVE].why_not == "Hearing cannot move: it is live."
    assert ways[Way.JOIN].why_not == "Extra would be over when Hearing ends."
    assert not any(live.id in one.edits for one in ways.values())
    running = evening.put("Running", NOW - HOUR / 2)
    ways = evening.ways(a_draft(NOW + MINUTE, title="Extra", asset=evening.file))
    assert ways[Way.CUT].why_not == "Running cannot be cut: it is on air."
    assert ways[Way.RIPPLE].possible and running.id not in ways[Way.RIPPLE].edits


def test_two_that_start_together_cannot_be_cut_into_one_another(evening: Evening) -> None:
    ways = evening.ways(a_draft(AT, title="Extra", asset=evening.file))
    assert ways[Way.CUT].why_not == "Council and Extra start together."
    assert told(ways[Way.RIPPLE].effects)[0] == "Extra added 01:00-02:00"


def test_the_chosen_way_is_one_change_that_one_undo_takes_back(db: Database) -> None:
    from scheduler.actions.undo import undo
    from scheduler.queries import grid
    from scheduler.queries.changes import changes

    evening = Evening(db)
    draft = a_draft(AT + 30 * MINUTE, title="Extra", asset=evening.file)
    weighed = weigh(db, draft, NOW)
    ripple = next(one for one in weighed.choices if one.way is Way.RIPPLE)
    edits = {id: (d, weighed.versions[id]) for id, d in ripple.edits.items() if id != NEW_ID}
    airings.arrange(db, PLANNER, NOW, edits, ripple.edits[NEW_ID], "Added Extra, moving two")
    monday = NOW.date() - timedelta(days=6)
    starts = {v.airing.title: v.airing.start for v in grid.week(db, [CH13], monday, NOW).airings}
    assert starts["Extra"] == AT + HOUR
    assert (starts["Planning"], starts["Zoning"]) == (AT + 2 * HOUR, AT + 3 * HOUR)
    undo(db, PLANNER, NOW, changes(db, limit=1)[0].id)
    week = grid.week(db, [CH13], monday, NOW).airings
    assert {v.airing.title: v.airing.start for v in week} == {
        "Council": AT, "Planning": AT + HOUR, "Zoning": AT + 150 * MINUTE,
    }  # fmt: skip


minutes = st.integers(0, 60).map(lambda n: timedelta(minutes=10 * n))
drafts = st.builds(
    lambda start, length: a_draft(NOW + start, length=length + 10 * MINUTE), minutes,
    st.integers(0, 12).map(lambda n: timedelta(minutes=10 * n)),
)  # fmt: skip


@given(st.lists(drafts, min_size=1, max_size=12), st.sets(st.integers(1, 11)))
def test_a_ripple_moves_only_later_and_never_onto_what_is_fixed(
    made: list[AiringDraft], walls: set[int]
) -> None:
    plan = {AiringId(f"a{number:02}"): draft for number, draft in enumerate(made)}
    first = AiringId("a00")
    fixed = frozenset(AiringId(f"a{n:02}") for n in walls if n < len(made))
    moved = push_along(plan, first, fixed)
    after = {**plan, **moved}
    assert not moved.keys() & (fixed | {first})
    assert all(draft.start > plan[id].start for id, draft in moved.items())
    assert all(draft.length == plan[id].length for id, draft in moved.items())
    for id, draft in moved.items():
        others = [plan[wall] for wall in fixed] + [d for i, d in moved.items() if i != id]
        assert not any(overlap(draft, other) for other in [*others, plan[first]])
    slot = free_slot(after, first, NOW)
    assert slot is not None
    there = replace(plan[first], start=slot)
    assert not any(overlap(there, other) for id, other in after.items() if id != first)


def test_a_follower_that_already_follows_needs_no_change(evening: Evening) -> None:
    follower = replace(evening.planning.draft, start_rule=StartRule.FOLLOW)
    airings.edit(evening.db, PLANNER, NOW, evening.planning.id, follower, evening.planning.version)
    rules = evening.ways(longer(evening.council, 20), evening.council.id)[Way.RULES]
    assert told(rules.effects) == ["Council airs 00:00-01:20", "Planning airs 01:20-02:20"]


def test_leaving_both_as_they_are_says_which_of_them_never_airs(evening: Evening) -> None:
    """It said that everything airs as it would have, of an airing that never did."""
    inside = replace(
        evening.planning.draft, title="Inside", start=AT + 15 * MINUTE, length=30 * MINUTE,
        start_rule=StartRule.WAIT, wait_limit=5 * MINUTE,
    )  # fmt: skip
    rules = evening.ways(inside)[Way.RULES]

    assert told(rules.effects) == ["Council airs 00:00-01:00", "Inside dropped "]
    assert rules.effects[1].reason
