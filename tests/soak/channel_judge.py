"""The judge of several channels on one machine: what left each, and where a picture was lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.figures import Figure, middle
from soak.judge import Fault, delays, faults, lay_on_ticks
from soak.target_judge import skipped
from soak.waits import Looks
from support.capture import CapturedPicture
from support.captured_airing import EXCUSED_SHARE_LIMIT
from support.clips import Clip

from playout.engine.relay.analysis import StreamReport
from playout.model.engine import AirFact
from playout.model.layer import Layer

KINDS = {
    "repeated": "shown again",
    "skipped": "out of their place",
    "black": "black",
    "stranger": "of something else",
    "none": "never sent",
}
NEAR_JOIN = 30
"""Ticks after a start that belong to the join."""


@dataclass
class Verdict:
    """The faults of one channel."""

    name: str
    ticks: int = 0
    joins: int = 0
    found: list[Fault] = field(default_factory=list)
    excused: list[Fault] = field(default_factory=list)
    delay: float = 0.0
    """Seconds from a tick to the arrival of its picture, middle."""
    latest: float = 0.0
    """The same, worst."""
    skipped: int = 0
    """Numbers that were never shown, wherever the others stood."""

    @property
    def near_joins(self) -> int:
        """How many of the faults came within a second of a start."""
        return sum(one.place < NEAR_JOIN for one in self.found)


def judge(
    name: str,
    seen: Sequence[CapturedPicture],
    order: Sequence[Clip],
    lines: Sequence[Mapping[str, Any]],
    excuses: Callable[[float | None], bool],
) -> Verdict:
    """Judge every tick of these items; each must show its own picture. A channel of which no first
    picture was seen has lost all of them.
    """
    made = Verdict(name, sum(line["planned_frames"] for line in lines), len(lines) - 1)
    if not any(one.ident == order[0].ident for one in seen):
        made.found = [Fault("none", 0, place, None) for place in range(made.ticks)]
        made.skipped = made.ticks
        return made
    laid = lay_on_ticks(seen, order, [dict(line) for line in lines])
    for window in laid.windows:
        for fault in faults(window):
            (made.excused if excuses(fault.arrived) else made.found).append(fault)
    late = [delay for window in laid.windows for delay in delays(window)]
    made.delay, made.latest = middle(late), max(late, default=0.0)
    shown = [one for window in laid.windows for _, one in sorted(window.seen.items())]
    made.skipped = skipped(shown, lines[0]["planned_frames"])
    return made


def of_channel(verdict: Verdict) -> Iterator[Figure]:
    """Yield what left one channel."""
    kinds = Counter(fault.kind for fault in verdict.found)
    words = ", ".join(f"{count} {KINDS[kind]}" for kind, count in kinds.items())
    note = f"{verdict.joins} joins, {verdict.ticks} ticks, {len(verdict.excused)} more excused"
    if verdict.found:
        note += f"; {words}; {verdict.near_joins} of them within a second of a start"
    name = verdict.name
    wrong = len(verdict.found)
    yield Figure("channels", f"{name}: ticks without their picture", wrong, "ticks", 0, note=note)
    yield Figure("channels", f"{name}: pictures never shown", verdict.skipped, "pictures", 0)
    late = f"worst {verdict.latest * 1000:.0f} ms"
    yield Figure("channels", f"{name}: delay of the stream", verdict.delay * 1000, "ms", note=late)


def of_stream(name: str, report: StreamReport, foreign: Sequence[str]) -> Iterator[Figure]:
    """Yield what a headend minds in the stream of one channel."""
    said = "; ".join([*report.faults(), *foreign][:5])
    count = len(report.faults())
    yield Figure("channels", f"{name}: faults of the stream", count, "faults", 0, note=said)
    yield Figure("channels", f"{name}: faults found by tsreport", len(foreign), "faults", 0)


def of_bus(name: str, facts: Sequence[AirFact], cues: int) -> Iterator[Figure]:
    """Yield what the bus itself says it lacked: pictures that no deck brought in time. What is lost
    beyond that was lost by the encoder or the relay.
    """
    mine = [one for one in facts if one.layer is Layer.DECK]
    held, dropped = sum(one.held for one in mine), sum(one.dropped for one in mine)
    fallen = [one for one in facts if one.layer is not Layer.DECK and one.reason]
    why = "; ".join(dict.fromkeys(one.reason for one in [*mine, *fallen] if one.reason))
    aired = len({one.cue for one in mine})
    note = f"{dropped} dropped, {aired} of {cues} items; {why}"
    yield Figure("channels", f"{name}: held at the bus", held, "ticks", note=note)


def of_relay(name: str, status: Mapping[str, Any]) -> Figure:
    """Return how many pictures the relay could not send in time."""
    shown = {key: status.get(key) for key in ("late", "delayed", "moved", "skipped", "lost")}
    note = ", ".join(f"{key} {value}" for key, value in shown.items() if value)
    dropped = float(status.get("dropped", 0))
    return Figure("channels", f"{name}: dropped by the relay", dropped, "pictures", note=note)


def of_processors(looks: Looks) -> Iterator[Figure]:
    """Yield who uses the processors, and whose threads wait longest for one."""
    cores, worst = looks.cores(), looks.worst()
    by_kind: Counter[str] = Counter()
    for name, used in cores.items():
        by_kind[name.partition("/")[2]] += used
    shown = ", ".join(f"{kind} {used:.2f}" for kind, used in by_kind.most_common(8))
    yield Figure("processor", "processors, all channels", sum(cores.values()), "cores", note=shown)
    first = sorted(worst.items(), key=lambda one: -one[1])[:8]
    waits = ", ".join(f"{name} {share:.0%}" for name, share in first)
    most = first[0][1] if first else 0.0
    name = "longest wait of a thread for a processor, share of two seconds"
    yield Figure("processor", name, 100 * most, "%", note=waits)


def of_excuses(verdicts: Sequence[Verdict]) -> Figure:
    """Return the share of ticks that a stall of the machine excuses."""
    share = sum(len(one.excused) for one in verdicts) / max(1, sum(one.ticks for one in verdicts))
    most = 100 * EXCUSED_SHARE_LIMIT
    return Figure("machine", "ticks excused by a stall", 100 * share, "%", most)
