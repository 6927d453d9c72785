"""Findings on a stream that leaves, as tables: from seconds that were compared to what is wrong."""

from dataclasses import replace

import pytest

from playout.engine.watching.judge import findings
from playout.engine.watching.seen import Judged, Match, SoundMatch, StreamSecond
from playout.model.leaving import Fault

NS = 1_000_000_000
LETTERS = {
    "r": Match.RIGHT, "b": Match.BLACK, "f": Match.FROZEN, "w": Match.WRONG, "-": Match.UNKNOWN,
}  # fmt: skip
NOTES = {"r": SoundMatch.RIGHT, "s": SoundMatch.SILENT, "l": SoundMatch.LOUD}


def seconds(pictures: str = "", sounds: str = "", count: int = 0) -> list[Judged]:
    """Return one good second for each letter of a picture or a sound, the last at its number."""
    count = count or max(len(pictures), len(sounds))
    return [
        Judged(
            StreamSecond((at + 1) * NS, 3000, 0, offset=5 * NS, pictures=30, sounds=40),
            LETTERS[pictures[at]] if pictures else Match.RIGHT,
            NOTES.get(sounds[at], SoundMatch.UNKNOWN) if sounds else SoundMatch.RIGHT,
        )
        for at in range(count)
    ]


def found(history: list[Judged], late: float = 0.0) -> list[str]:
    """Return the faults found at the end of the last second, or so much later."""
    at = history[-1].second.at + round(late * NS)
    return [finding.fault.value for finding in findings(history, at)]


@pytest.mark.parametrize(
    ("pictures", "faults"),
    [
        ("rrrrrr", []),
        ("------", []),
        ("rrrrrb", []),
        ("rrrrbb", []),
        ("rrrbbb", ["black"]),
        ("rrb-b-b", ["black"]),
        ("rrrbbbr", []),
        ("rrffff", ["frozen"]),
        ("rrrfff", []),
        ("rrwwww", ["wrong picture"]),
        ("rrbwww", ["wrong picture"]),
        ("rrwrwrw", []),
        ("bbb-----", []),
    ],
)
def test_a_picture_that_is_not_right_is_found_once_it_has_lasted(
    pictures: str, faults: list[str]
) -> None:
    assert found(seconds(pictures)) == faults


@pytest.mark.parametrize(
    ("sounds", "faults"),
    [
        ("rrrrrr", []),
        ("rrrrss", []),
        ("rrrsss", ["silent"]),
        ("rrs--s", ["silent"]),
        ("rrlll", ["loud"]),
        ("rrsssr", []),
        ("------", []),
    ],
)
def test_sound_that_is_not_right_is_found_once_it_has_lasted(
    sounds: str, faults: list[str]
) -> None:
    assert found(seconds(sounds=sounds)) == faults


def without(history: list[Judged], last: int, **parts: object) -> list[Judged]:
    """Return the seconds, the last ones of which lack something."""
    changed = [
        replace(one, second=replace(one.second, **parts), picture=Match.UNKNOWN,
                sound=SoundMatch.UNKNOWN)
        for one in history[-last:]
    ]  # fmt: skip
    return [*history[:-last], *changed]


@pytest.mark.parametrize(
    ("parts", "last", "faults"),
    [
        ({"packets": 0, "pictures": 0, "sounds": 0}, 2, []),
        ({"packets": 0, "pictures": 0, "sounds": 0}, 3, ["no stream"]),
        ({"packets": 0, "pictures": 0, "sounds": 0, "missed": True}, 5, []),
        ({"pictures": 0}, 3, ["no pictures"]),
        ({"sounds": 0}, 3, ["silent"]),
        ({"sounds": 0}, 2, []),
        ({"undecoded": 1}, 4, ["wrong picture"]),
        ({"errors": 9}, 2, []),
        ({"errors": 1}, 3, ["packets missing"]),
        ({"errors": 9, "missed": True}, 5, []),
        ({"senders": 2}, 3, ["two senders"]),
        ({"senders": 2}, 2, []),
    ],
)
def test_what_does_not_come_is_found(
    parts: dict[str, object], last: int, faults: list[str]
) -> None:
    assert found(without(seconds(count=12), last, **parts)) == faults


def clocked(*offsets: float, marked: int = -1) -> list[Judged]:
    """Return seconds with these offsets of the clock, in seconds."""
    return [
        replace(one, second=replace(one.second, offset=round(offset * NS), marked=at == marked))
        for at, (one, offset) in enumerate(zip(seconds(count=len(offsets)), offsets, strict=True))
    ]


@pytest.mark.parametrize(
    ("history", "faults"),
    [
        (clocked(5, 5, 5, 5, 5, 5), []),
        (clocked(5, 5, 4.8, 4.8, 4.8), ["clock wrong"]),
        (clocked(5, 5, 5.3, 5.3, 5.3, 5.3, 5.3), ["clock wrong"]),
        (clocked(5, 5, 5, 5.4, 5.4, 5, 5), []),
        (clocked(5, 5, 5, 5.4, 5.5, 5.6, 5.4, 5), []),
        (clocked(5, 5, 5.3, 5, 5), []),
        (clocked(5, 5, 5, 5.3, 5.3), []),
        (clocked(5, 5, 4.8, 4.8, 4.8, marked=2), []),
        (clocked(5, 5, 5.8, 5.8, 5.8, 5.8, 5.8, 5.8, marked=2), []),
        (clocked(*(5 + 0.0005 * at for at in range(50))), ["clock wrong"]),
        (clocked(*(5 + 0.00005 * at for at in range(50))), []),
        (clocked(*(5 - 0.001 * at for at in range(50))), ["clock wrong"]),
        (clocked(*(5 + 0.02 * (at % 3) for at in range(50))), []),
        (clocked(*(5 + 0.0005 * at + 0.012 * (at * 7 % 5 == 0) for at in range(50))), []),
        (clocked(*(5 + 0.012 * (at > 24) for at in range(50))), []),
    ],
)
def test_a_clock_that_steps_or_runs_wrong_is_found(
    history: list[Judged], faults: list[str]
) -> None:
    assert found(history) == faults


def test_a_look_that_is_old_says_nothing_of_now() -> None:
    history = seconds("rrrbbb")

    assert found(history, late=2.0) == ["black"]
    assert found(history, late=4.5) == ["no stream"]


def test_the_gravest_comes_first() -> None:
    history = without(seconds("rrrrrrbbbb", "rrrrrrssss"), 3, errors=2)
    for place in range(3):
        history[-1 - place] = replace(
            history[-1 - place], picture=Match.BLACK, sound=SoundMatch.SILENT
        )

    assert found(history) == ["black", "silent", "packets missing"]
    assert [*Fault][0] is Fault.NO_STREAM
