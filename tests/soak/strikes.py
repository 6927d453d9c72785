"""The judge of one strike at one process, from the capture alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from support.capture import ARRIVAL, CapturedPicture, read_ts
from support.capture_analysis import longest_still
from support.clips import NTSC
from support.stream_clock import DELAY_SPREAD
from support.transport import TransportReport, check_transport

HARMLESS_TARGETS = ("agent", "web", "web worker", "scheduler", "monitor", "deck idle")
"""Processes that may die without disturbing one picture."""
NEW_CLOCK_TARGETS = ("output", "supervisor")
"""Killing one of these gives the stream a new clock, so pictures are placed by arrival."""
TARGETS = {"SRT target": 20.0, "RTMP target": 10.0, "HLS target": 10.0, "file target": 5.0}
"""Processes of targets, and within how many seconds each takes the stream again. An SRT receiver
notices only after five seconds that its caller is gone, and a call to it may take five more."""
FRAMES_OFF_LIMIT, FRAMES_OFF_BY_ARRIVAL = 3.5, DELAY_SPREAD * float(NTSC)
"""Frames off its place that a picture may be; by arrival, jitter and a new delay are in it."""
FRAME = float(1 / NTSC)
NEVER = 1e9
HOLE_SECONDS = 0.3
"""Seconds between two datagrams that are a hole in the stream."""


@dataclass(frozen=True)
class Schedule:
    """Back-to-back airings of equal length, of clips in turn."""

    begin: datetime
    seconds: float
    idents: tuple[int, ...]

    def item(self, at: float) -> tuple[int, float]:
        """Return the ident on air at an instant (UTC seconds), and for how many seconds it has
        been.
        """
        gone = at - self.begin.timestamp()
        number = int(gone // self.seconds)
        return self.idents[number % len(self.idents)], gone - number * self.seconds

    def off(self, one: CapturedPicture, at: float) -> float | None:
        """Return by how many frames a picture is ahead (+) of or behind (-) its place; None if not
        its turn.
        """
        for lean in (0.0, -0.1, 0.1):
            ident, since = self.item(at + lean)
            if one.ident == ident and one.frame is not None:
                return one.frame - float((since - lean) * NTSC)
        return None


@dataclass(frozen=True)
class Strike:
    """A signal sent to a process."""

    number: int
    name: str
    signal: str
    at: float
    """UTC seconds."""
    again: float = 0.0
    """For a target: seconds until it took the stream again, with its counts going on."""


@dataclass(frozen=True)
class StrikeWindow:
    """What was received from just before a strike to just before the next."""

    before: Sequence[CapturedPicture]
    """The three seconds before."""
    after: Sequence[CapturedPicture]
    arrivals: Sequence[float]
    """Of every datagram, UTC seconds."""
    continuity_errors: int
    pcr_gap: float
    """Longest, seconds."""


@dataclass
class Received:
    """A capture, read once."""

    seen: list[CapturedPicture]
    places: NDArray[np.int64]
    """Positions of datagrams, ascending, in one piece: a search in any other kind of array copies
    all of it first.
    """
    times: NDArray[np.float64]
    transport: TransportReport

    def at(self, positions: Sequence[int]) -> NDArray[np.float64]:
        """Return the arrivals of the bytes at these positions, UTC seconds."""
        rows = np.searchsorted(self.places, np.array(positions, np.int64), side="right") - 1
        return self.times[np.maximum(0, rows)]

    @cached_property
    def clock(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Arrivals of all clock values, UTC seconds, and the values in seconds."""
        return (
            self.at([at for at, _ in self.transport.pcrs]),
            np.array([pcr for _, pcr in self.transport.pcrs]),
        )

    def window(self, begin: float, end: float) -> StrikeWindow:
        """Return what arrived between two instants."""
        errors = self.at([at for _, at in self.transport.continuity_errors])
        arrived, clock = self.clock
        inside = clock[(begin <= arrived) & (arrived < end)]
        return StrikeWindow(
            [one for one in self.seen if begin - 2.5 <= (one.arrived or 0) < begin + 0.5],
            [one for one in self.seen if begin <= (one.arrived or 0) < end],
            [float(one) for one in self.times[(self.times >= begin) & (self.times < end)]],
            int(((begin <= errors) & (errors < end)).sum()),
            float(np.abs(np.diff(inside)).max(initial=0.0)),
        )


def read(path: Path) -> Received:
    """Read a capture and the arrivals beside it."""
    raw = Path(f"{path}.arrivals").read_bytes()
    table = np.frombuffer(raw[: len(raw) // ARRIVAL.size * ARRIVAL.size], "<u8").reshape(-1, 2)
    places = np.ascontiguousarray(table[:, 0], np.int64)
    return Received(read_ts(path), places, table[:, 1] / 1e9, check_transport(path))


@dataclass
class Harm:
    """The measured effects of one strike."""

    strike: Strike
    disturbed: int = 0
    """Places where two pictures in a row do not follow each other as planned."""
    black: int = 0
    held: float = 0.0
    """Seconds of the longest picture held."""
    silent: float = 0.0
    """Seconds of the longest pause between two datagrams."""
    back: float = 0.0
    """Seconds from the strike until every picture was the right one in its place."""
    off: float = 0.0
    """Frames off their place, worst, from then on."""
    wrong: int = 0
    """Pictures not right, in all."""
    continuity_errors: int = 0
    pcr_gap: float = 0.0
    amiss: list[str] = field(default_factory=list)
    excused: bool = False


def judge(strike: Strike, window: StrikeWindow, schedule: Schedule) -> Harm:
    """Measure the harm, and describe where it exceeds the limits."""
    harm = Harm(strike, continuity_errors=window.continuity_errors, pcr_gap=window.pcr_gap)
    harm.disturbed = sum(not follows(a, b) for a, b in pairwise(window.after))
    harm.black = sum(one.black for one in window.after)
    harm.held = longest_still(window.after)
    harm.silent = max((b - a for a, b in pairwise(window.arrivals)), default=1e9)
    _places(harm, window, schedule)
    harm.amiss = broken_promises(harm)
    return harm


def follows(one: CapturedPicture, other: CapturedPicture) -> bool:
    """Return whether `other` is the very next picture on the very next tick, also across a join."""
    if abs(other.pts - one.pts - FRAME) > 0.005 or one.frame is None or other.frame is None:
        return False
    if one.ident == other.ident:
        return other.frame == one.frame + 1
    return other.frame == 0


def _places(harm: Harm, window: StrikeWindow, schedule: Schedule) -> None:
    by_arrival = harm.strike.name in NEW_CLOCK_TARGETS
    limit = FRAMES_OFF_BY_ARRIVAL if by_arrival else FRAMES_OFF_LIMIT
    zero = _zero(window.before, schedule, by_arrival)
    harm.back = harm.off = NEVER
    if zero is None:
        return
    last_wrong, good = 0.0, []
    resumed = _resumed(window.arrivals) if by_arrival else 0.0
    for one in window.after:
        time = (one.arrived if by_arrival else one.pts) or 0.0
        off = schedule.off(one, time - zero)
        if off is None or abs(off) > limit:
            harm.wrong, last_wrong, good = harm.wrong + 1, time, []
        elif time >= resumed:
            good.append((time, abs(off)))
    if not good:
        return
    harm.off = max(off for _, off in good)
    started = harm.strike.at if by_arrival else harm.strike.at + zero
    harm.back = max(0.0, good[0][0] - started) if last_wrong or resumed else 0.0


def _resumed(arrivals: Sequence[float]) -> float:
    """Return when datagrams came again after the longest pause; 0 if there was no hole."""
    pairs = [(b - a, b) for a, b in pairwise(arrivals)]
    pause, end = max(pairs, default=(0.0, 0.0))
    return end if pause > HOLE_SECONDS else 0.0


def _zero(before: Sequence[CapturedPicture], schedule: Schedule, by_arrival: bool) -> float | None:
    """Return the stream's time (or the arrival) minus UTC at the bus, from pictures before the
    strike.
    """
    found = []
    for one in before:
        time = one.arrived if by_arrival else one.pts
        if one.frame is None or one.arrived is None or time is None:
            continue
        due = _due(one, schedule)
        if due is not None:
            found.append(time - due)
    return median(found) if found else None


def _due(one: CapturedPicture, schedule: Schedule) -> float | None:
    """Return the UTC seconds at which this picture was due, near its arrival."""
    assert one.arrived is not None and one.frame is not None
    for back in (0.0, schedule.seconds / 2):
        ident, since = schedule.item(one.arrived - back)
        if ident == one.ident:
            return one.arrived - back - since + one.frame * FRAME
    return None


def broken_promises(harm: Harm) -> list[str]:
    """Return the limits for this kind of strike that were exceeded, as text."""
    name, stopped = harm.strike.name, harm.strike.signal == "SIGSTOP"
    if name in TARGETS:
        harmful = _over(harm, disturbed=0, continuity_errors=0, pcr_gap=0.1)
        late = harm.strike.again > TARGETS[name]
        return [*harmful, f"taken again {harm.strike.again:.3g}"] if late else harmful
    if name in HARMLESS_TARGETS or (name == "supervisor" and stopped):
        return _over(harm, disturbed=0, continuity_errors=0, pcr_gap=0.1)
    if name == "deck on air":
        return _over(harm, held=0.51, black=0, continuity_errors=0, pcr_gap=0.1, back=2.5)
    if name == "bus":
        back = 2.5 if stopped else 1.5
        return _over(harm, held=0.55, black=0, continuity_errors=0, pcr_gap=0.1, back=back)
    if name == "output":
        return _over(harm, silent=3.0, black=0, back=4.0)
    if name == "relay":
        return _over(harm, silent=2.0 if stopped else 1.2, black=0, back=4.0)
    return _over(harm, black=0, back=20.0)


def _over(harm: Harm, **limits: float) -> list[str]:
    return [
        f"{name} {getattr(harm, name):.3g}, at most {most:g}"
        for name, most in limits.items()
        if getattr(harm, name) > most
    ]
