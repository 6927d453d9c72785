"""Restarts when a stream leaves wrong: the smallest thing that may help, in order (pure).

Each fault has a ladder. The first rung is tried when the fault is found, the next one when it is
still there SETTLE_SECONDS later. After the last rung nothing is restarted any more: the fault is
reported until a person comes. A ladder begins again when its fault has been gone for GONE_SECONDS.
Nothing is restarted more than MOST_AN_HOUR times in an hour, for whatever fault, so no fault can
make a loop of restarts.

Worked example: black leaves at 02:00:00 while the program is not black. At 02:00:03 the watcher
starts again, in case it is wrong itself. At 02:00:23 black is still seen: the encoder starts again.
At 02:00:43 the picture is right. Black at 02:08:00 goes on with the next rung, the relay; black at
03:00:00 begins with the watcher again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from playout.engine.format.ticks import NS
from playout.engine.watching.judge import Finding
from playout.model.leaving import Fault

SETTLE_SECONDS = 20.0
"""Seconds that a restart gets to help."""
PATIENCE = {Fault.NO_PICTURES: 8.0, Fault.NO_STREAM: 6.0}
USUAL_PATIENCE = 5.0
"""Seconds for which a fault must have been there before anything is restarted. The supervisor has a
process that died running again within three, and a second restart would only hurt."""
GONE_SECONDS = 600.0
MOST_AN_HOUR = 3
HOUR_NS = 3600 * NS


class Thing(StrEnum):
    """A part that can be restarted, the smallest first."""

    WATCHER = "watcher of the output"
    TARGET = "target"
    """One target of datagrams, opened again by the relay."""
    OUTPUT = "stream output"
    RELAY = "stream relay"
    BUS = "bus"


_COMPARED = (Thing.WATCHER, Thing.OUTPUT, Thing.RELAY, Thing.BUS)
_SOUND = (Thing.WATCHER, Thing.OUTPUT, Thing.RELAY)
LADDERS: dict[Fault, tuple[Thing, ...]] = {
    Fault.NO_STREAM: (Thing.TARGET, Thing.RELAY),
    Fault.NO_PICTURES: (Thing.OUTPUT, Thing.RELAY, Thing.BUS),
    Fault.BLACK: _COMPARED,
    Fault.FROZEN: _COMPARED,
    Fault.WRONG: _COMPARED,
    Fault.SILENT: _SOUND,
    Fault.LOUD: _SOUND,
    Fault.PACKETS: (Thing.TARGET, Thing.RELAY),
    Fault.CLOCK: (Thing.WATCHER, Thing.TARGET, Thing.RELAY),
    Fault.SENDERS: (),
}
"""A second sender is no fault of this machine's processes: only people can stop the other one."""


@dataclass(frozen=True)
class PlaceFinding:
    """A finding, and where it was seen."""

    finding: Finding
    target: int | None = None
    """Number of the target whose datagrams were read; None for the relay's tap."""


@dataclass(frozen=True)
class Remedy:
    """One restart."""

    thing: Thing
    fault: Fault
    at: int
    """Monotonic nanoseconds."""
    target: int | None = None


@dataclass(frozen=True)
class Climb:
    """The place reached on the ladder of one fault."""

    rung: int
    seen: int
    """Monotonic nanoseconds at which the fault was last found."""


@dataclass(frozen=True)
class Remedies:
    """The restarts so far. They outlive the watcher."""

    done: tuple[Remedy, ...] = ()
    """Of the last hour."""
    climbs: dict[Fault, Climb] = field(default_factory=dict)


def next_remedy(
    found: Sequence[PlaceFinding], past: Remedies, at: int
) -> tuple[Remedy | None, Remedies]:
    """Return what to restart now, None for nothing, and what to remember."""
    climbs = {
        fault: climb for fault, climb in past.climbs.items() if at - climb.seen < GONE_SECONDS * NS
    }
    for one in found:
        fault = one.finding.fault
        climbs[fault] = Climb(climbs[fault].rung if fault in climbs else 0, at)
    done = tuple(remedy for remedy in past.done if at - remedy.at < HOUR_NS)
    kept = Remedies(done, climbs)
    if any(at - remedy.at < SETTLE_SECONDS * NS for remedy in done):
        return None, kept
    for one in found:
        patience = PATIENCE.get(one.finding.fault, USUAL_PATIENCE)
        if at - one.finding.since < patience * NS:
            continue
        remedy, rung = _rung(one, climbs[one.finding.fault].rung, done, at)
        climbs[one.finding.fault] = Climb(rung, at)
        if remedy is not None:
            return remedy, replace(kept, done=(*done, remedy))
    return None, kept


def _rung(
    one: PlaceFinding, first: int, done: Sequence[Remedy], at: int
) -> tuple[Remedy | None, int]:
    """Return the next restart for a fault, and the rung after it."""
    fault = one.finding.fault
    ladder = LADDERS[fault]
    for place in range(first, len(ladder)):
        thing = ladder[place]
        if thing is Thing.TARGET and one.target is None:
            continue
        # What is damaged on the network and right at the tap is not the relay's doing.
        if thing is Thing.RELAY and one.target is not None and fault is not Fault.NO_STREAM:
            continue
        if sum(remedy.thing is thing for remedy in done) >= MOST_AN_HOUR:
            continue
        return Remedy(thing, fault, at, one.target), place + 1
    return None, len(ladder)
