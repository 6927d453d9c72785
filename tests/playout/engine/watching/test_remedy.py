"""Restarts in order, with a bound, and never a loop: tables and a long simulation."""

from itertools import pairwise

import pytest

from playout.engine.watching.judge import Finding
from playout.engine.watching.remedy import (
    LADDERS,
    MOST_AN_HOUR,
    PlaceFinding,
    Remedies,
    Remedy,
    Thing,
    next_remedy,
)
from playout.model.leaving import Fault

NS = 1_000_000_000


def seen(fault: Fault, target: int | None = None) -> PlaceFinding:
    return PlaceFinding(Finding(fault, -60 * NS), target)


def played(timeline: dict[range, list[PlaceFinding]], end: int) -> list[tuple[int, Remedy]]:
    """Return the restarts, with the second of each, while these faults are found."""
    past, done = Remedies(), []
    for second in range(end):
        found = [one for when, what in timeline.items() if second in when for one in what]
        remedy, past = next_remedy(found, past, second * NS)
        if remedy is not None:
            done.append((second, remedy))
    return done


@pytest.mark.parametrize(
    ("found", "things"),
    [
        (seen(Fault.BLACK), ["watcher of the output", "stream output", "stream relay", "bus"]),
        (seen(Fault.SILENT), ["watcher of the output", "stream output", "stream relay"]),
        (seen(Fault.NO_PICTURES), ["stream output", "stream relay", "bus"]),
        (seen(Fault.NO_STREAM), ["stream relay"]),
        (seen(Fault.NO_STREAM, 2), ["target", "stream relay"]),
        (seen(Fault.PACKETS), ["stream relay"]),
        (seen(Fault.PACKETS, 0), ["target"]),
        (seen(Fault.CLOCK, 1), ["watcher of the output", "target"]),
        (seen(Fault.CLOCK), ["watcher of the output", "stream relay"]),
        (seen(Fault.SENDERS), []),
    ],
)
def test_the_smallest_thing_is_restarted_first_and_then_the_next(
    found: PlaceFinding, things: list[str]
) -> None:
    done = played({range(5, 4000): [found]}, 4000)

    assert [remedy.thing.value for _, remedy in done] == things
    assert all(second == 5 + 20 * number for number, (second, _) in enumerate(done))


def test_a_fault_that_is_over_has_nothing_more_restarted() -> None:
    done = played({range(5, 24): [seen(Fault.FROZEN)]}, 600)

    assert [remedy.thing for _, remedy in done] == [Thing.WATCHER]


def test_a_fault_that_comes_back_soon_goes_on_with_the_next_thing() -> None:
    soon = played({range(0, 10): [seen(Fault.BLACK)], range(300, 310): [seen(Fault.BLACK)]}, 400)
    late = played({range(0, 10): [seen(Fault.BLACK)], range(900, 910): [seen(Fault.BLACK)]}, 1000)

    assert [remedy.thing for _, remedy in soon] == [Thing.WATCHER, Thing.OUTPUT]
    assert [remedy.thing for _, remedy in late] == [Thing.WATCHER, Thing.WATCHER]


def test_a_day_of_flapping_faults_restarts_nothing_more_than_three_times_an_hour() -> None:
    flaps = {
        range(start, start + 15): [seen([*Fault][start // 700 % len(Fault)], 0)]
        for start in range(0, 86_400, 700)
    }
    done = played(flaps, 86_400)

    for thing in Thing:
        times = [second for second, remedy in done if remedy.thing is thing]
        for first in times:
            assert sum(first <= one < first + 3600 for one in times) <= MOST_AN_HOUR
    assert done
    assert all(b - a >= 20 for (a, _), (b, _) in pairwise(done))


def test_what_was_restarted_is_known_to_the_watcher_that_comes_after() -> None:
    remedy, past = next_remedy([seen(Fault.BLACK)], Remedies(), 0)
    again, _ = next_remedy([seen(Fault.BLACK)], past, 30 * NS)

    assert (remedy and remedy.thing, again and again.thing) == (Thing.WATCHER, Thing.OUTPUT)


def test_every_fault_has_a_ladder_from_small_to_large() -> None:
    order = [*Thing]

    assert set(LADDERS) == set(Fault)
    for ladder in LADDERS.values():
        places = [order.index(thing) for thing in ladder]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("fault", "seconds"), [(Fault.NO_PICTURES, 8), (Fault.NO_STREAM, 6), (Fault.BLACK, 5)]
)
def test_what_the_supervisor_restarts_anyway_gets_time_for_it(fault: Fault, seconds: int) -> None:
    """An encoder that was killed is back within three seconds; a second kill would only hurt."""
    found = [PlaceFinding(Finding(fault, 100 * NS))]
    early, _ = next_remedy(found, Remedies(), (100 + seconds - 1) * NS)
    then, _ = next_remedy(found, Remedies(), (100 + seconds) * NS)

    assert early is None
    assert then is not None
