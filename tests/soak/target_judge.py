"""The judge of targets that hang while others stay clean: pure, from what was sampled and received.

Every second is sampled what each target's process and the relay say of themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from bench.figures import middle
from support.capture import CapturedPicture

from playout.engine.links.target_state import TargetState
from playout.engine.targets.sender import CHUNK_BYTES
from playout.engine.transport import PACKET_BYTES

NEVER = 1e9
"""Seconds, for what did not happen."""


@dataclass(frozen=True)
class Sample:
    """What was said at one instant."""

    at: float
    """UTC seconds."""
    states: Mapping[int, TargetState]
    """By the number of the output, from 1."""
    relay: Mapping[str, Any]
    """The relay's status."""


@dataclass(frozen=True)
class Hang:
    """The time for which a target is bad, UTC seconds."""

    begin: float
    end: float


def holes(seen: Sequence[CapturedPicture], ticks: int) -> list[str]:
    """Return, in words, each place where a picture does not follow the one before: the next number
    of its clip, or number 0 of the next clip after the last tick of an item. Pictures without a
    number before the first and after the last numbered one are no part of it.
    """
    numbered = [place for place, one in enumerate(seen) if one.frame is not None]
    if not numbered:
        return ["no numbered picture came"]
    inner = seen[numbered[0] : numbered[-1] + 1]
    return [
        f"{_words(one)}, then {_words(other)}"
        for one, other in pairwise(inner)
        if not _follows(one, other, ticks)
    ]


def skipped(seen: Sequence[CapturedPicture], ticks: int) -> int:
    """Return how many numbers were never shown between the first and the last that was, if no gap
    is as long as an item.
    """
    numbered = [(one.ident, one.frame) for one in seen if one.frame is not None]
    total = 0
    for (clip, frame), (other, number) in pairwise(numbered):
        gap = number - frame if clip == other else ticks - frame + number
        total += max(0, gap - 1)
    return total


def _follows(one: CapturedPicture, other: CapturedPicture, ticks: int) -> bool:
    if one.frame is None or other.frame is None:
        return False
    if one.frame < ticks - 1:
        return other.ident == one.ident and other.frame == one.frame + 1
    return other.ident != one.ident and other.frame == 0


def _words(one: CapturedPicture) -> str:
    return "a picture without number" if one.frame is None else f"{one.ident}/{one.frame}"


def uncounted(sample: Sample, number: int) -> float | None:
    """Return the bytes of the stream that a target has neither sent nor counted as dropped, nor the
    relay for it: what waits in its pipe. None while either has not reported.
    """
    state, relay = sample.states.get(number), sample.relay
    if state is None or "packets" not in relay:
        return None
    way = relay.get("targets", {}).get(str(number - 1), {})
    told = state.sent + state.dropped + way.get("dropped", 0) * CHUNK_BYTES
    return float(relay["packets"] * PACKET_BYTES - told)


def dropped(sample: Sample, number: int) -> float:
    """Return the bytes that a target and the relay say they dropped for it."""
    state = sample.states.get(number)
    way = sample.relay.get("targets", {}).get(str(number - 1), {})
    return (state.dropped if state is not None else 0) + way.get("dropped", 0) * CHUNK_BYTES


@dataclass
class Verdict:
    """What the samples say of one bad target."""

    told_after: float = NEVER
    """Seconds from the beginning of the hang until its state has a problem."""
    called_well: float = 0.0
    """Seconds of the hang in which the state had no problem after it had one."""
    off_since: float = NEVER
    """Seconds by which the instant told as the beginning is off the true one, worst."""
    well_after: float = NEVER
    """Seconds from the end of the hang from which on there is no problem any more."""
    counted: float = 0.0
    """Share of the stream's bytes of the hang that were counted as dropped."""
    words: list[str] = field(default_factory=list)
    """The problems told, each once, in order."""


def verdict(samples: Sequence[Sample], number: int, hang: Hang) -> Verdict:
    """Judge what was told of a bad target."""
    found, heard = Verdict(), [one for one in samples if number in one.states]
    during = [one for one in heard if hang.begin <= one.at < hang.end]
    problems = [(one.at, _problem(one, number)) for one in during]
    told = next((at for at, problem in problems if problem), None)
    if told is not None:
        found.told_after = told - hang.begin
        found.called_well = float(sum(at > told and not problem for at, problem in problems))
        starts = [_since(one, number) for one in during if one.at >= told]
        found.off_since = max(abs(at.timestamp() - hang.begin) if at else NEVER for at in starts)
    found.words = list(dict.fromkeys(problem for _, problem in problems if problem))
    after = [one for one in heard if one.at >= hang.end]
    bad = [one.at for one in after if _problem(one, number)]
    if after and (not bad or bad[-1] < after[-1].at):
        end = max(bad, default=hang.end)
        found.well_after = next(one.at for one in after if one.at >= end and one.at not in bad)
        found.well_after -= hang.end
    if during:
        packets = during[-1].relay.get("packets", 0) - during[0].relay.get("packets", 0)
        lost = dropped(during[-1], number) - dropped(during[0], number)
        found.counted = lost / (packets * PACKET_BYTES) if packets else 0.0
    return found


def _problem(sample: Sample, number: int) -> str:
    return sample.states[number].problem


def _since(sample: Sample, number: int) -> datetime | None:
    return sample.states[number].failing_since


def growth(memory: Sequence[tuple[float, float]], begin: float, end: float) -> float:
    """Return by how many MB a process grew from the first minute to the last: the middle of what it
    had in each; of a shorter time, from the first third to the last.
    """
    minute = min(60.0, (end - begin) / 3)
    first = [size for at, size in memory if begin <= at < begin + minute]
    last = [size for at, size in memory if end - minute <= at < end]
    return middle(last) - middle(first) if first and last else NEVER


def ended(pids: Iterable[Mapping[str, int]]) -> list[str]:
    """Return the processes that ended between two looks at all of them, by name."""
    looks = list(pids)
    return [name for a, b in pairwise(looks) for name, pid in a.items() if b.get(name) != pid]
