"""Cuts on a broadcast machine: a hearing without its recess, through whatever can happen to it."""

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from support.broadcast import Machine
from support.plans import at, clips, item, live, media, minutes, page, plan, source

from playout.model.commands import Verb
from playout.model.engine import AirFact
from playout.model.pieces import Piece, length_of
from playout.model.plan import EndRule, Item, Media, Outcome, Rank, StartRule

NTSC = Fraction(30000, 1001)
MINUTE = 1800
"""Frames of a minute, nearly."""
PIECES = ((5 * MINUTE, 25 * MINUTE), (40 * MINUTE, 70 * MINUTE), (0, 5 * MINUTE))
"""Fifty-five minutes: the recess is left out, and the opening comes last."""
MARKED = [frame for first, after in PIECES for frame in range(first, after)]
SECOND = timedelta(seconds=1)


def cut_of(pieces: tuple[Piece, ...] = PIECES) -> Media:
    whole = media("hearing", minutes(90))
    return replace(whole, rate=NTSC, pieces=pieces, length=length_of(pieces, NTSC))


def hearing(start: datetime, pieces: tuple[Piece, ...] = PIECES, **rest: Any) -> Item:
    cut = cut_of(pieces)
    return item("hearing", start, cut.length, media=cut, **{"end_rule": EndRule.FINISH, **rest})


def machine(folder: Path, *items: Item, start: datetime | None = None) -> Machine:
    made = plan(*items, filler=clips(60, 90), board=(page(),), sources=(source(),))
    return Machine(folder, made, start or at("9:55"))


def frames(facts: list[AirFact]) -> list[int]:
    """Return the frames of the file that were seen, in order."""
    return [n for fact in facts for n in range(fact.source_first, fact.source_first + fact.ticks)]


def in_order(aired: list[int]) -> list[int]:
    """Return the frames that aired in the order in which they were marked."""
    known = set(aired)
    return [frame for frame in MARKED if frame in known]


def test_each_marked_frame_airs_once_and_one_row_says_so(tmp_path: Path) -> None:
    air = machine(tmp_path, hearing(at("10:00")), item("after", at("11:00"), minutes(5)))
    air.run_until(at("11:06"), most=300)
    air.run_for(5)
    (row,) = air.rows("hearing")

    assert frames(air.aired("hearing")) == MARKED
    assert row.outcome is Outcome.AIRED and row.ticks == len(MARKED)
    assert row.asset == cut_of().key and len(row.seen) == 1
    assert [row.outcome for row in air.rows("after")] == [Outcome.AIRED]


def test_a_machine_that_starts_late_joins_where_the_cut_would_be(tmp_path: Path) -> None:
    air = machine(tmp_path, hearing(at("10:00")), start=at("10:30"))
    air.run_until(at("11:00"), most=300)
    aired = frames(air.aired("hearing"))
    (row,) = air.rows("hearing")

    assert aired == MARKED[-len(aired) :]
    assert abs(len(aired) - (len(MARKED) - 30 * MINUTE)) < 10 * 30
    assert row.outcome is Outcome.JOINED


def test_a_power_cut_in_the_middle_leaves_every_join_in_its_place(tmp_path: Path) -> None:
    air = machine(tmp_path, hearing(at("10:00")))
    air.run_until(at("10:19"))
    air.power_cut(minutes(3))
    air.run_until(at("11:00"), most=300)
    aired = frames(air.aired("hearing"))
    (row,) = air.rows("hearing")

    assert aired == in_order(aired)
    assert abs(len(MARKED) - len(aired) - 3 * MINUTE) < 10 * 30
    assert row.end - at("10:55") < timedelta(seconds=4)


def test_an_agent_that_dies_for_good_leaves_the_whole_cut_on_air(tmp_path: Path) -> None:
    air = machine(tmp_path, hearing(at("10:00")))
    air.run_until(at("10:01"))
    air.clock.advance(minutes(60))

    assert frames(air.aired("hearing")) == MARKED


def test_what_an_operator_puts_over_it_leaves_it_where_it_would_be(tmp_path: Path) -> None:
    air = machine(tmp_path, hearing(at("10:00")))
    air.run_until(at("10:10"))
    assert air.local(Verb.OVERRIDE, source="chamber", until=at("10:15")) == ""
    air.run_until(at("11:00"), most=300)
    aired = frames(air.aired("hearing"))

    assert aired == in_order(aired)
    assert abs(len(MARKED) - len(aired) - 5 * MINUTE) < 10 * 30
    assert PIECES[-1][1] - aired[-1] <= 2


def test_a_cut_that_waits_for_a_meeting_airs_whole_afterwards(tmp_path: Path) -> None:
    meeting = live("council", at("9:50"), minutes(10))
    late = hearing(
        at("10:00"), start_rule=StartRule.WAIT, wait_limit=minutes(30), rank=Rank.SOFT
    )  # fmt: skip
    air = machine(tmp_path, meeting, late, start=at("9:45"))
    air.run_until(at("10:07"))
    assert air.local(Verb.ADJOURN) == ""
    air.run_until(at("11:10"), most=300)

    assert frames(air.aired("hearing")) == MARKED


def test_an_edit_changes_what_is_planned_and_never_what_is_on_air(tmp_path: Path) -> None:
    tonight = replace(hearing(at("19:00")), id=item("x", at("19:00"), minutes(1)).id)
    air = machine(tmp_path, hearing(at("10:00")), tonight)
    air.run_until(at("10:10"))
    shorter = PIECES[:1]
    edited = [replace(one, media=cut_of(shorter)) for one in air.server.plan.items]
    air.server.publish(replace(air.server.plan, items=tuple(edited)))
    air.run_until(at("19:30"), most=300)

    assert frames(air.aired("hearing")) == MARKED
    assert frames(air.aired("x")) == list(range(*shorter[0]))


def test_an_edit_shortly_before_it_airs_is_what_airs(tmp_path: Path) -> None:
    air = machine(tmp_path, hearing(at("10:00")))
    air.run_until(at("9:59:50"))
    moved = ((7 * MINUTE, 9 * MINUTE), (50 * MINUTE, 51 * MINUTE))
    air.server.publish(replace(air.server.plan, items=(hearing(at("10:00"), moved),)))
    air.run_until(at("10:05"))

    assert frames(air.aired("hearing")) == [n for piece in moved for n in range(*piece)]


def test_a_slot_that_is_shorter_than_the_cut_ends_it_there(tmp_path: Path) -> None:
    short = replace(hearing(at("10:00"), end_rule=EndRule.CUT), length=minutes(30))
    air = machine(tmp_path, short, item("after", at("10:30"), minutes(5)))
    air.run_until(at("10:40"), most=300)
    aired = frames(air.aired("hearing"))

    assert aired == MARKED[: len(aired)]
    assert abs(len(aired) - 30 * 60 * NTSC) <= 1
