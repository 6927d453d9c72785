"""The judge of a leaving stream: from its last seconds to findings (pure).

Nothing is found before it has lasted, and a second in which the watcher itself was late, or in
which nobody knows what was placed, says nothing either way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from playout.engine.format.ticks import NS
from playout.engine.relay.analysis import line
from playout.engine.watching.seen import Judged, Match, SoundMatch
from playout.model.leaving import Fault

HISTORY_SECONDS = 60
"""Seconds that a judge looks back."""


NOTHING_AFTER = 3.0
"""Seconds without a packet, or without a picture or sound, until that is a finding."""
LASTS = {Fault.BLACK: 2.0, Fault.FROZEN: 3.0, Fault.WRONG: 3.0, Fault.SILENT: 2.0, Fault.LOUD: 2.0}
"""Seconds between the first and the last look that is not right, of each."""
STALE_AFTER = 4.0
"""Seconds after which a look says nothing of now."""
LOSSES_WITHIN, LOSSES_FROM = 10.0, 3
"""Packets are missing where so many of the last seconds had losses. One hole, as a process that
starts again leaves it, is over when it is found."""
STEP_NS = 100_000_000
"""Nanoseconds by which the clock may move against this machine's between two seconds."""
STEADY_SECONDS = 5
"""Seconds before and after a step of which the least tells the clock."""
STEP_SHOWN_FOR = 15.0
RATE_SECONDS, RATE_PARTS = 40.0, 200e-6
"""A clock that runs so much too fast or slow over so many seconds is wrong; 30 parts in a million
are allowed, and this machine's own clock may be off by as many."""
RAGGED_SECONDS = 0.005
"""Seconds by which a clock may leave a straight line, and its rate still be judged."""
SENDERS_FROM = 3


@dataclass(frozen=True)
class Finding:
    """One fault that has lasted."""

    fault: Fault
    since: int
    """Monotonic nanoseconds."""
    detail: str = ""


_PICTURES = {Match.BLACK: Fault.BLACK, Match.FROZEN: Fault.FROZEN, Match.WRONG: Fault.WRONG}
_SOUNDS = {SoundMatch.SILENT: Fault.SILENT, SoundMatch.LOUD: Fault.LOUD}


def findings(history: Sequence[Judged], at: int) -> tuple[Finding, ...]:
    """Return what is wrong at this monotonic instant, the gravest first. `history` has the last
    HISTORY_SECONDS of one place, in order; seconds in which nothing came are in it too.
    """
    if not history:
        return ()
    stopped = _nothing_of(history, at, "packets")
    if stopped is not None:
        return (Finding(Fault.NO_STREAM, stopped),)
    found = [*_missing_parts(history, at), *_compared(history, at)]
    found += _losses(history, at)
    found += _clock(history, at)
    found += _senders(history, at)
    order = {fault: place for place, fault in enumerate(Fault)}
    return tuple(sorted(found, key=lambda finding: order[finding.fault]))


def _nothing_of(history: Sequence[Judged], at: int, part: str) -> int | None:
    """Return since when nothing of this part has come; None while it comes."""
    since = history[0].second.at
    for one in reversed(history):
        if getattr(one.second, part) or one.second.missed:
            since = one.second.at
            break
    return since if at - since >= NOTHING_AFTER * NS else None


def _missing_parts(history: Sequence[Judged], at: int) -> list[Finding]:
    found = []
    no_pictures, no_sound = _nothing_of(history, at, "pictures"), _nothing_of(history, at, "sounds")
    if no_pictures is not None:
        found.append(Finding(Fault.NO_PICTURES, no_pictures))
    elif (since := _undecoded_since(history, at)) is not None:
        found.append(Finding(Fault.WRONG, since, "The pictures cannot be decoded."))
    if no_sound is not None:
        found.append(Finding(Fault.SILENT, no_sound, "The stream has no sound at all."))
    return found


def _undecoded_since(history: Sequence[Judged], at: int) -> int | None:
    """Return since when every key picture was refused by the decoder."""
    refused = None
    for one in reversed(history):
        if one.second.looks:
            break
        if one.second.undecoded:
            refused = one.second.at
    return refused if refused is not None and at - refused >= NOTHING_AFTER * NS else None


def _compared(history: Sequence[Judged], at: int) -> list[Finding]:
    """Return the findings on picture and sound as compared with what was placed."""
    found = []
    pictures = [(one.second.at, one.picture) for one in history if one.picture is not Match.UNKNOWN]
    sounds = [(one.second.at, one.sound) for one in history if one.sound is not SoundMatch.UNKNOWN]
    wrong = [(then, _PICTURES.get(match)) for then, match in pictures]
    heard = [(then, _SOUNDS.get(match)) for then, match in sounds]
    for entries in (wrong, heard):
        streak = _streak(entries)
        if not streak or at - streak[-1][0] > STALE_AFTER * NS:
            continue
        fault = _most_frequent([fault for _, fault in streak])
        if streak[-1][0] - streak[0][0] >= LASTS[fault] * NS:
            found.append(Finding(fault, streak[0][0]))
    return found


def _streak(entries: Sequence[tuple[int, Fault | None]]) -> list[tuple[int, Fault]]:
    """Return the entries since the last that was right."""
    streak: list[tuple[int, Fault]] = []
    for then, fault in reversed(entries):
        if fault is None:
            break
        streak.append((then, fault))
    return streak[::-1]


def _most_frequent(faults: Sequence[Fault]) -> Fault:
    return max(dict.fromkeys(reversed(faults)), key=faults.count)


def _losses(history: Sequence[Judged], at: int) -> list[Finding]:
    lossy = [
        one.second for one in history
        if one.second.errors and not one.second.missed
        and at - one.second.at <= LOSSES_WITHIN * NS
    ]  # fmt: skip
    if len(lossy) < LOSSES_FROM:
        return []
    breaks = sum(second.errors for second in lossy)
    words = f"{breaks} gaps in the last {LOSSES_WITHIN:.0f} seconds."
    return [Finding(Fault.PACKETS, lossy[0].at, words)]


def _clock(history: Sequence[Judged], at: int) -> list[Finding]:
    """Return whether the stream's clock stepped lately, or runs at a wrong rate."""
    known = [(one.second.at, one.second.offset, one.second) for one in history]
    timed = [(then, offset, s) for then, offset, s in known if offset is not None]
    offsets, stepped, steady = [offset for _, offset, _ in timed], None, 0
    for place in range(1, len(timed)):
        then, offset, second = timed[place]
        # Packets that are sent or read late only look like a clock that is behind. So the least of
        # several seconds is what counts on either side.
        if second.marked:
            steady = place
            continue
        before = min(offsets[max(steady, place - STEADY_SECONDS) : place])
        after = offsets[place : place + STEADY_SECONDS]
        is_behind = len(after) == STEADY_SECONDS and min(after) - before > STEP_NS
        if before - offset > STEP_NS or is_behind:
            stepped = (then, (before - offset) / NS)
    if stepped is not None and at - stepped[0] <= STEP_SHOWN_FOR * NS:
        return [Finding(Fault.CLOCK, stepped[0], f"It stepped by {stepped[1]:+.1f} s.")]
    return _rate(timed, at) if stepped is None else []


def _rate(timed: Sequence[tuple[int, int, object]], at: int) -> list[Finding]:
    """Return whether the clock runs at a wrong rate: such a one draws a clean line against this
    machine's, and packets that a busy machine sends or reads late draw a ragged one.
    """
    first = at - (RATE_SECONDS + 2) * NS
    recent = [(then, offset) for then, offset, _ in timed if then >= first]
    if len(recent) < 4 or recent[-1][0] - recent[0][0] < RATE_SECONDS * NS:
        return []
    times = [(then - recent[0][0]) / NS for then, _ in recent]
    offsets = [(offset - recent[0][1]) / NS for _, offset in recent]
    share, base = line(times, offsets)
    away = [offset - base - share * t for t, offset in zip(times, offsets, strict=True)]
    if abs(share) <= RATE_PARTS or max(away) - min(away) > RAGGED_SECONDS:
        return []
    way = "slow" if share > 0 else "fast"
    words = f"It runs {abs(share) * 1e6:.0f} parts in a million too {way}."
    return [Finding(Fault.CLOCK, recent[0][0], words)]


def _senders(history: Sequence[Judged], at: int) -> list[Finding]:
    several = [
        one.second for one in history
        if one.second.senders > 1 and at - one.second.at <= LOSSES_WITHIN * NS
    ]  # fmt: skip
    if len(several) < SENDERS_FROM:
        return []
    return [Finding(Fault.SENDERS, several[0].at, f"{several[-1].senders} addresses send.")]
