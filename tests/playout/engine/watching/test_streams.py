"""Streams as they leave, made by the real relay and altered: each fault is found, and none else.

`tests/soak/test_watcher.py` does the same two hundred times, and for a day.
"""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from support.leaving import Coding, Leaving, leaving
from support.leaving_faults import KINDS, Injected, Watched, inject, watched
from support.meeting import Meeting, Scene

from playout.engine.watching.seen import Match, SoundMatch
from playout.model.leaving import Fault

SMALL = (320, 180)
TALK = Meeting([Scene("room", 60, 1)], *SMALL)
MIXED = Meeting(
    [
        Scene("card", 5, 9), Scene("slate", 7, 2), Scene("music slate", 6, 3),
        Scene("bulletin", 7, 4), Scene("still room", 6, 5), Scene("film", 5, 6),
    ],
    *SMALL,
)  # fmt: skip
BEGINS, LASTS, SECONDS = 7.0, 12.0, 19
RATE_SECONDS = 60
"""Seconds of a stream whose clock runs wrong: that takes longer to see."""
CODING = Coding(Fraction(15), 400)
FOUND_WITHIN = {"clock rate": 48.0}


@pytest.fixture(scope="module")
def clean() -> Leaving:
    return leaving(TALK, RATE_SECONDS, coding=CODING)


def names(seen: Sequence[Watched]) -> set[Fault]:
    return {finding.fault for second in seen for finding in second.findings}


def test_stillness_darkness_and_silence_that_were_placed_are_no_faults() -> None:
    seen = watched(leaving(MIXED, 36, coding=CODING))

    assert names(seen) == set()
    assert sum(one.judged.picture is Match.RIGHT for one in seen) > 28
    assert sum(one.judged.sound is SoundMatch.RIGHT for one in seen) > 10


def test_the_watcher_of_a_clean_stream_finds_nothing_and_compares_each_second(
    clean: Leaving,
) -> None:
    seen = watched(clean)

    assert names(seen) == set()
    assert all(one.judged.picture is Match.RIGHT for one in seen[4:-1])
    assert all(one.judged.sound is SoundMatch.RIGHT for one in seen[9:-1])


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_is_found_and_called_by_its_name(kind: str, clean: Leaving) -> None:
    is_slow = kind in FOUND_WITHIN
    fault = Injected(kind, BEGINS, RATE_SECONDS if is_slow else LASTS, seed=3)
    seconds = RATE_SECONDS if is_slow else SECONDS
    seen = watched(inject(TALK, seconds, fault, clean=clean, coding=CODING))
    first = next(one.at for one in seen if one.findings)

    assert names(seen) == {KINDS[kind]}
    assert BEGINS <= first < BEGINS + FOUND_WITHIN.get(kind, 9.0)
