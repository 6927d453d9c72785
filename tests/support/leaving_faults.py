"""Faults put into a stream that leaves, by seed, and a watcher that reads it by its instants."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from support.leaving import USUAL_CODING, Coding, Leaving, leaving
from support.meeting import Luma, Meeting, Scene, Sound

from playout.engine.transport import (
    CLOCK_HZ,
    PACKET_BYTES,
    STAMP_WRAP,
    clock_bytes,
    read_clock,
)
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.judge import Finding
from playout.engine.watching.seen import Judged
from playout.engine.watching.sources import RecordedSource
from playout.engine.watching.watcher import PlaceWatcher
from playout.model.leaving import Fault

NS = 1_000_000_000
NOTED_AFTER_NS = 200_000_000
"""Nanoseconds by which the monitor's notes are behind."""
KINDS: dict[str, Fault] = {
    "stopped": Fault.NO_STREAM,
    "no pictures": Fault.NO_PICTURES,
    "black": Fault.BLACK,
    "frozen": Fault.FROZEN,
    "late program": Fault.WRONG,
    "other picture": Fault.WRONG,
    "silent": Fault.SILENT,
    "loud": Fault.LOUD,
    "packets dropped": Fault.PACKETS,
    "clock step": Fault.CLOCK,
    "clock rate": Fault.CLOCK,
}
Alter = Callable[[Luma, Sound, float], tuple[Luma, Sound]]


@dataclass(frozen=True)
class Injected:
    """One fault: its kind, when it begins, and how many seconds it lasts."""

    kind: str
    begins: float
    lasts: float
    seed: int = 0

    @property
    def ends(self) -> float:
        """When it is over."""
        return self.begins + self.lasts


@dataclass(frozen=True)
class Watched:
    """One second as the watcher saw it."""

    at: float
    """Its end, in seconds from the beginning."""
    judged: Judged
    findings: tuple[Finding, ...]


def watched(stream: Leaving) -> list[Watched]:
    """Watch a stream by its own instants, faster than it was sent."""
    source = RecordedSource(stream.chunks)
    watcher = PlaceWatcher(source, StreamDecoder("h264", "mp2"))
    first, seen = source.now, []
    last = stream.ends or (stream.chunks[-1][0] if stream.chunks else first)
    while source.now < last:
        at = source.now + NS
        judged = watcher.look(at, stream.placed.between(0, at - NOTED_AFTER_NS))
        seen.append(Watched((at - first) / NS, judged, watcher.findings(at)))
    return seen


def inject(
    meeting: Meeting, seconds: float, fault: Injected, *, begins: float = 0.0,
    clean: Leaving | None = None, coding: Coding = USUAL_CODING,
) -> Leaving:  # fmt: skip
    """Return so many seconds of this program with a fault. `clean` is the stream without it, if it
    was made already.
    """
    altered = _altered(meeting, fault, begins)
    if altered is not None:
        return leaving(meeting, seconds, begins, altered, coding)
    stream = clean or leaving(meeting, seconds, begins, coding=coding)
    return replace(stream, chunks=_damaged(stream, fault), ends=stream.chunks[-1][0])


def _altered(meeting: Meeting, fault: Injected, begins: float) -> Alter | None:
    """Return what the encoder makes of the program; None where packets are altered instead."""
    rng = random.Random(fault.seed)
    other = Meeting([Scene("room", 60, 1000 + fault.seed)], meeting.width, meeting.height)
    late, gain = rng.uniform(30, 300), 10 ** (rng.uniform(9, 14) / 20)
    held: list[Luma] = []

    def alter(luma: Luma, sound: Sound, t: float) -> tuple[Luma, Sound]:
        if not fault.begins <= t - begins < fault.ends:
            held[:] = [luma]
            return luma, sound
        pictures: dict[str, Callable[[], Luma]] = {
            "black": lambda: np.full_like(luma, 16),
            "frozen": lambda: held[0],
            "late program": lambda: meeting.luma(t - late),
            "other picture": lambda: other.luma(t),
        }
        sounds = {"silent": sound * 0, "loud": sound * gain}
        shown = pictures[fault.kind]() if fault.kind in pictures else luma
        return shown, sounds.get(fault.kind, sound)

    by_content = ("black", "frozen", "late program", "other picture", "silent", "loud")
    return alter if fault.kind in by_content else None


def _damaged(stream: Leaving, fault: Injected) -> list[tuple[int, bytes]]:
    """Return the chunks as they arrive."""
    first, rng = stream.chunks[0][0], random.Random(fault.seed)
    share, step = rng.uniform(0.005, 0.05), rng.choice((-1, 1)) * rng.uniform(0.2, 20)
    parts = rng.choice((-1, 1)) * rng.uniform(300, 3000) * 1e-6
    arrived = []
    for at, data in stream.chunks:
        t = (at - first) / NS
        is_on = fault.begins <= t < fault.ends
        if is_on and fault.kind == "stopped":
            continue
        if is_on and fault.kind == "packets dropped" and rng.random() < share:
            continue
        if is_on and fault.kind == "no pictures":
            data = _without_pictures(data)
        if t >= fault.begins and fault.kind == "clock step":
            data = _reclocked(data, round(step * CLOCK_HZ))
        if is_on and fault.kind == "clock rate":
            data = _reclocked(data, round((t - fault.begins) * parts * CLOCK_HZ))
        arrived.append((at, data))
    return arrived


def _reclocked(data: bytes, more: int) -> bytes:
    """Return packets whose clock says so many units of 27 MHz more."""
    whole = bytearray(data)
    for at in range(0, len(whole), PACKET_BYTES):
        if whole[at + 3] & 0x20 and whole[at + 4] and whole[at + 5] & 0x10:
            value = read_clock(bytes(whole[at + 6 : at + 12])) + more
            whole[at + 6 : at + 12] = clock_bytes(value % (STAMP_WRAP * 300))
    return bytes(whole)


def _without_pictures(data: bytes) -> bytes:
    """Return packets with null packets in place of pictures; the clock stays."""
    packets = [data[at : at + PACKET_BYTES] for at in range(0, len(data), PACKET_BYTES)]
    null = b"\x47\x1f\xff\x10" + b"\xff" * 184
    is_picture = [(p[1] & 0x1F) << 8 | p[2] == 256 and p[3] & 0x10 for p in packets]
    return b"".join(null if gone else p for p, gone in zip(packets, is_picture, strict=True))
