"""The figures of one long airing: joins, starts, sound, stream, machine."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bench.figures import Figure, middle, percentile
from soak.judge import (
    FRAME,
    Fault,
    FileWindow,
    LaidCapture,
    delays,
    faults,
    lay_on_ticks,
    off_time,
    sound,
    unseen,
)
from support.capture import Burst
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS, CapturedAiring
from support.clips import Clip

NEVER = 1e9
"""Value of a figure whose event was not seen at all."""


@dataclass
class Findings:
    """All figures of an airing, and the faults behind them."""

    figures: list[Figure]
    faults: list[Fault]
    excused: list[Fault]

    @property
    def missed(self) -> list[Figure]:
        """The figures past their limits."""
        return [one for one in self.figures if not one.good]


def findings(aired: CapturedAiring, clips: Sequence[Clip]) -> Findings:
    """Judge a capture of these clips, aired in this order."""
    laid = lay_on_ticks(aired.seen, clips, aired.lines)
    found, excused = [], []
    for fault in (fault for window in laid.windows for fault in faults(window)):
        (excused if aired.excuses(fault.arrived) else found).append(fault)
    figures = _pictures(laid, found, excused)
    figures += _sound(laid, aired.bursts)
    figures += _starts(laid, aired.lines)
    figures += _stream(aired)
    figures += _machine(aired, laid, excused)
    return Findings(figures, found, excused)


def _pictures(laid: LaidCapture, found: Sequence[Fault], excused: Sequence[Fault]) -> list[Figure]:
    house = {window.number for window in laid.windows if window.at_house_rate}
    ticks = sum(window.ticks for window in laid.windows)
    joins = len(laid.windows) - 1
    note = f"{joins} joins, {ticks} ticks, {len(excused)} more excused by a stall"
    figures = [Figure("joins", "joins aired", joins, "joins")]
    kinds = Counter(fault.kind for fault in found if fault.file in house)
    names = {
        "repeated": "shown again",
        "skipped": "out of their place",
        "black": "black",
        "stranger": "of something else",
        "none": "never sent",
    }
    for kind, words in names.items():
        name = f"house rate: pictures {words}"
        figures.append(Figure("joins", name, kinds[kind], "pictures", 0, note=note))
        note = ""
    others = sum(fault.file not in house for fault in found)
    figures.append(
        Figure("joins", "other files: pictures more than a frame off", others, "pictures", 0)
    )
    figures.append(Figure("joins", "pictures twice on one tick", laid.twice, "pictures", 0))
    lost = sum(unseen(window) for window in laid.windows)
    figures.append(Figure("joins", "slower files: pictures never shown", lost, "pictures", 0))
    worst = max((abs(off) for window in laid.windows for off in _conformed(window)), default=0.0)
    return [
        *figures,
        Figure(
            "joins",
            "other rates: picture shown outside its time, worst",
            worst * 1000,
            "ms",
            _ms(1),
        ),
    ]


def _ms(frames: float) -> float:
    return round(frames * FRAME * 1000, 2)


def _conformed(window: FileWindow) -> list[float]:
    """Return by how many seconds pictures at another rate are shown outside their time."""
    rate = window.clip.rate
    if rate is None or window.at_house_rate:
        return []
    return [
        off_time(rate, place, one.frame)
        for place, one in window.seen.items()
        if one.frame is not None and one.ident == window.clip.ident
    ]


def _sound(laid: LaidCapture, bursts: Sequence[Burst]) -> list[Figure]:
    offsets = [offset * 1000 for window in laid.windows for offset in sound(window, bursts)]
    worst = max(map(abs, offsets), default=NEVER)
    words = f"{len(offsets)} bursts, {min(offsets, default=0):+.0f} to "
    words += f"{max(offsets, default=0):+.0f} ms, middle {middle(offsets):+.1f} ms"
    return [Figure("sound", "sound from its picture, worst", worst, "ms", 40, note=words)]


def _starts(laid: LaidCapture, lines: Sequence[dict[str, Any]]) -> list[Figure]:
    late = [abs((line["first_tick"] or 10**6) - line["planned_tick"]) for line in lines]
    amiss = Counter(line["outcome"] for line in lines if line["outcome"] != "aired")
    spread = [delay * 1000 for window in laid.windows for delay in delays(window)]
    centre = middle(spread)
    first = [
        window.seen[0].arrived - window.begins
        for window in laid.windows
        if 0 in window.seen and window.seen[0].arrived is not None
    ]
    off = [abs(one * 1000 - centre) for one in first]
    clock = max(map(abs, laid.off), default=NEVER) * 1000
    words = ", ".join(f"{count} {outcome}" for outcome, count in amiss.items())
    shape = [f"{share:.0%} {percentile(spread, share):.0f}" for share in (0.01, 0.95, 0.99, 1)]
    begin, end = _ends(laid)
    return [
        Figure("starts", "files not aired as planned", sum(amiss.values()), "files", 0, note=words),
        Figure("starts", "start at the bus, worst", max(late), "ticks", 1),
        Figure("starts", "start on the stream's clock, worst", clock, "ms", _ms(1)),
        Figure("starts", "delay of the stream, middle", centre, "ms", note=", ".join(shape)),
        Figure(
            "starts", "start at arrival, off that delay, 95 %", percentile(off, 0.95), "ms", _ms(1)
        ),
        Figure("starts", "start at arrival, off that delay, worst", max(off, default=NEVER), "ms"),
        Figure(
            "starts",
            "drift of the delay, first to last minute",
            abs(end - begin) * 1000,
            "ms",
            _ms(0.5),
            note=f"{begin * 1000:.1f} ms, then {end * 1000:.1f} ms",
        ),
    ]


def _ends(laid: LaidCapture) -> tuple[float, float]:
    """Return the median delay in the first and in the last minute."""
    begin, last = laid.windows[0].begins, laid.windows[-1].begins
    early = [one for window in laid.windows if window.begins < begin + 60 for one in delays(window)]
    late = [one for window in laid.windows if window.begins > last - 60 for one in delays(window)]
    return middle(early), middle(late)


def _stream(aired: CapturedAiring) -> list[Figure]:
    report = aired.transport
    gaps = [(b - a) * 1000 for (_, a), (_, b) in pairwise(report.pcrs)]
    return [
        Figure("stream", "continuity errors", len(report.continuity_errors), "errors", 0),
        Figure("stream", "clock running backwards", len(report.pcr_backwards()), "times", 0),
        Figure(
            "stream",
            "longest PCR gap",
            max(gaps, default=NEVER),
            "ms",
            40,
            note=f"{sum(gap > 40 for gap in gaps)} of {len(gaps)} over 40 ms",
        ),
    ]


def _machine(aired: CapturedAiring, laid: LaidCapture, excused: Sequence[Fault]) -> list[Figure]:
    long = [stall.end - stall.begin for stall in aired.stalls]
    lost = sum(span for span in long if span > REAL_STALL_NS) / 1e9
    ticks = sum(window.ticks for window in laid.windows)
    most = EXCUSED_SHARE_LIMIT * 100
    return [
        Figure("machine", "ticks excused by a stall", 100 * len(excused) / ticks, "%", most),
        Figure("machine", "time the machine stood still", 100 * lost / aired.seconds, "%", most),
    ]
