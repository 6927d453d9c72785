"""The part of the air that left this machine."""

from datetime import UTC, datetime, timedelta

import pytest

from playout.asrun.sent import SentStretches, Stretches, remembered
from playout.model.engine import AirFact
from playout.model.layer import Layer

AT = datetime(2026, 3, 3, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FACT = AirFact(1000, 300, AT, AT + 10 * SECOND, Layer.DECK, None, 30, 329)  # 30 ticks a second


def sent(*stretches: tuple[float, float]) -> SentStretches:
    """Stretches in seconds after AT; 0 for no end."""
    made = SentStretches()
    ns = [(round(a * 1e9), round(b * 1e9)) for a, b in stretches]
    base = 10**12
    made.take([(base + a, base + b if b else 0) for a, b in ns], base, AT)
    return made


@pytest.mark.parametrize(
    ("known", "told", "expected"),
    [
        ((), ((5, 0),), ((5, 0),)),
        (((5, 0),), ((5, 0),), ((5, 0),)),
        (((5, 0),), ((5, 20),), ((5, 20),)),
        (((10, 40), (90, 0)), (), ((10, 40), (90, 100))),
        (((10, 40), (90, 0)), ((130, 0),), ((10, 40), (90, 100), (130, 0))),
        (((10, 40), (90, 0)), ((95, 0),), ((10, 40), (90, 95), (95, 0))),
        (((10, 40), (90, 0)), ((90, 0),), ((10, 40), (90, 0))),
        (((10, 40), (90, 100)), ((90, 100), (130, 0)), ((10, 40), (90, 100), (130, 0))),
    ],
)
def test_what_a_link_before_told_is_remembered(
    known: Stretches, told: Stretches, expected: Stretches
) -> None:
    assert remembered(known, told, 100) == expected


def test_a_channel_of_one_machine_sent_all_of_it() -> None:
    assert SentStretches().of([FACT]) == [FACT]


@pytest.mark.parametrize(
    ("stretches", "parts"),
    [
        ([(-5, 0)], [(1000, 300, 30, 329)]),
        ([(-5, 20)], [(1000, 300, 30, 329)]),
        ([], []),
        ([(-5, -1)], []),
        ([(4, 0)], [(1120, 180, 150, 329)]),
        ([(-5, 4)], [(1000, 120, 30, 149)]),
        ([(1, 2), (4, 5)], [(1030, 30, 60, 89), (1120, 30, 150, 179)]),
    ],
    ids=["all, and on", "all", "none", "before it", "from the middle", "to the middle", "two"],
)
def test_a_run_of_ticks_counts_as_far_as_it_was_sent(
    stretches: list[tuple[float, float]], parts: list[tuple[int, int, int, int]]
) -> None:
    found = sent(*stretches).of([FACT])

    assert [(f.tick, f.ticks, f.source_first, f.source_last) for f in found] == parts


def told(made: SentStretches, at: float, *stretches: tuple[float, float]) -> None:
    """Let the link tell stretches, `at` seconds after AT; 0 for no end."""
    base = 10**12
    ns = [(base + round(a * 1e9), base + round(b * 1e9) if b else 0) for a, b in stretches]
    made.take(ns, base + round(at * 1e9), AT + at * SECOND)


def in_seconds(made: SentStretches) -> list[tuple[float, float]]:
    """Return the stretches in seconds after AT, 0 for no end."""
    return [((a - AT).total_seconds(), (b - AT).total_seconds() if b else 0)
            for a, b in made.stretches or ()]  # fmt: skip


def test_what_was_sent_before_a_restart_is_kept() -> None:
    made = SentStretches()
    made.start([(AT, AT + 10 * SECOND), (AT + 15 * SECOND, None)], AT + 30 * SECOND)
    assert in_seconds(made) == [(0, 10), (15, 30.5)]

    told(made, 60, (58, 0))
    assert in_seconds(made) == [(0, 10), (15, 30.5), (58, 0)]


def test_a_machine_of_two_that_has_not_heard_its_link_has_sent_nothing() -> None:
    made = SentStretches()
    made.start((), None)

    assert made.of([FACT]) == []


def test_a_clock_that_is_set_doubles_no_stretch() -> None:
    """The stretches of a living link follow the clock; none of it counts as told before."""
    made = SentStretches()
    told(made, 20, (15, 0))
    made.take([(10**12 + 15 * 10**9, 0)], 10**12 + 21 * 10**9, AT + 3621 * SECOND)

    assert in_seconds(made) == [(3615, 0)]
