"""Judges of a station in trouble, from its capture: each item on its tick, each picture right."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.figures import Figure
from soak.judge import FRAME, Fault, FileWindow, faults
from soak.strikes import follows
from support.capture import CapturedPicture
from support.captured_airing import EXCUSED_SHARE_LIMIT, PIPELINE_DELAY_NS, REAL_STALL_NS
from support.clips import NTSC, Clip
from support.stalls import Stall
from support.stream_clock import DELAY_SPREAD, LONGEST_STREAM_DELAY

from playout.engine.links.air_log import LONGEST_RUN
from playout.model.plan import Outcome
from playout.model.wire import AsRun

NEVER = 1e9
"""Value of a figure whose event was not seen at all."""
SEARCH_WITHIN = 2.0
"""Seconds around its start in which an item is searched for; beyond them it is never seen."""
ROW_AFTER = LONGEST_RUN + 5.0
"""Seconds after its end by which the server must have the as-run row of an item. The air log has
more of what follows when that ends or is `LONGEST_RUN` old; then the agent counts, and reports."""
DYING_SECONDS = 1.0
"""Seconds after a start in which what was killed before it may still be heard; none is so fast."""

Excuse = Callable[[float | None], bool]


@dataclass(frozen=True)
class DueItem:
    """A numbered item with a hard start, and the part of it that must air without fault."""

    title: str
    ident: int
    begin: float
    """UTC seconds."""
    until: float
    """Seconds from its begin up to which every picture must be the right one."""
    since: float = 0.0
    """The same: from when on."""
    outcomes: Collection[Outcome] = (Outcome.AIRED,)
    """What its as-run row may say."""


@dataclass
class ItemVerdict:
    """What the capture shows of one item."""

    due: DueItem
    late: float = NEVER
    """Ticks from its planned start to its own; a start between two ticks makes a part of one."""
    faults: list[Fault] = field(default_factory=list)
    excused: list[Fault] = field(default_factory=list)

    @property
    def ticks(self) -> int:
        """How many pictures had to be right."""
        return int((self.due.until - self.due.since) * NTSC)


def zero_of(seen: Sequence[CapturedPicture], due: DueItem, until: float) -> float:
    """Return the stream's time minus UTC at the bus, from the first `until` seconds of an
    undisturbed item. Fail if it was not seen: then nothing else can be judged.
    """
    found = [
        one.pts - float(one.frame / NTSC) - due.begin
        for one in seen
        if one.frame is not None and one.frame < until * NTSC and _arrival_lag(one, due) is not None
    ]
    assert found, f"{due.title} was never seen: nothing can be judged by it"
    return median(found)


def _arrival_lag(one: CapturedPicture, due: DueItem) -> float | None:
    """Return the seconds from the bus to the arrival of a picture of this airing of the item.

    None for another picture, and for the same clip at another time: a lag outside 0 to
    LONGEST_STREAM_DELAY.
    """
    if one.ident != due.ident or one.frame is None or one.arrived is None:
        return None
    lag = one.arrived - due.begin - float(one.frame / NTSC)
    return lag if 0 <= lag < LONGEST_STREAM_DELAY else None


def of_one_start(seen: Sequence[CapturedPicture], due: DueItem) -> list[CapturedPicture]:
    """Return the pictures that the output sent on the clock it had for this item. After a restart
    it has a new clock, which repeats the same time stamps.
    """
    life = next((one.life for one in seen if _arrival_lag(one, due) is not None), 0)
    return [one for one in seen if one.life == life]


def judge_item(
    seen: Sequence[CapturedPicture], due: DueItem, zero: float, excuses: Excuse
) -> ItemVerdict:
    """Judge how far the item is off its tick, and each tick of its window."""
    verdict = ItemVerdict(due)
    opens = _opens(seen, due, zero + due.begin)
    if opens is not None:
        verdict.late = (opens - zero - due.begin) * float(NTSC)
    window = _window(seen, due, zero + due.begin if opens is None else opens)
    first = int(due.since * NTSC)
    for fault in faults(window):
        if fault.place >= first:
            (verdict.excused if excuses(fault.arrived) else verdict.faults).append(fault)
    return verdict


def _opens(seen: Sequence[CapturedPicture], due: DueItem, expected: float) -> float | None:
    """Return the stream's time of the item's first picture, as the median over its window."""
    found = [
        one.pts - float(one.frame / NTSC)
        for one in seen
        if one.ident == due.ident
        and one.frame is not None
        and due.since - SEARCH_WITHIN <= one.pts - expected < due.until
    ]
    near = [one for one in found if abs(one - expected) < SEARCH_WITHIN]
    return median(near) if near else None


def _window(seen: Sequence[CapturedPicture], due: DueItem, opens: float) -> FileWindow:
    ticks = int(due.until * NTSC)
    clip = Clip(Path(f"{due.ident}"), due.ident, NTSC, ticks, ticks / NTSC)
    window = FileWindow(0, clip, due.begin, ticks, opens=opens)
    for one in seen:
        tick = round((one.pts - opens) * NTSC)
        if 0 <= tick < ticks:
            window.seen[tick] = one
    return window


def excused_by(stalls: Sequence[Stall], mono_minus_utc: float) -> Excuse:
    """Return a test for arrivals during a stall of the machine or shortly after it."""
    long = [stall for stall in stalls if stall.end - stall.begin > REAL_STALL_NS]

    def is_excused(arrived: float | None) -> bool:
        if arrived is None:
            return False
        at = (arrived + mono_minus_utc) * 1e9
        return any(stall.begin <= at <= stall.end + PIPELINE_DELAY_NS for stall in long)

    return is_excused


def as_run_fault(due: DueItem, rows: Sequence[AsRun]) -> str:
    """Return what is wrong with the as-run of an item; empty if it has one correct row."""
    mine = [row for row in rows if row.title == due.title]
    if len(mine) != 1:
        return f"{due.title} has {len(mine)} rows"
    late, outcome = mine[0].start.timestamp() - due.begin, mine[0].outcome
    if not -0.001 <= late <= FRAME + 0.001:
        return f"{due.title} begins {late:.3f} s after its start"
    if outcome not in due.outcomes:
        return f"{due.title} is said to be {outcome.value}: {mine[0].reason}"
    return ""


def of_pictures(group: str, what: str, verdicts: Sequence[ItemVerdict]) -> list[Figure]:
    """Return the figures of items lost, items late, and wrong pictures."""
    lost = [one.due.title for one in verdicts if one.late == NEVER]
    late = [round(abs(one.late), 2) for one in verdicts if one.late != NEVER]
    bad = [f"{len(one.faults)} of {one.due.title}" for one in verdicts if one.faults]
    excused = sum(len(one.excused) for one in verdicts)
    ticks = sum(one.ticks for one in verdicts)
    told = f"of {ticks}; {excused} more excused by a stall; {', '.join(bad)}"
    name = f"{group}, {what}"
    return [
        Figure(group, f"{name}: never seen", len(lost), "items", 0,
               note=f"of {len(verdicts)}; {', '.join(lost)}"),
        Figure(group, f"{name}: off their tick, worst", max(late, default=NEVER), "ticks", 1),
        Figure(group, f"{name}: pictures not right", sum(len(one.faults) for one in verdicts),
               "pictures", 0, note=told),
    ]  # fmt: skip


def of_items(
    group: str, what: str, verdicts: Sequence[ItemVerdict], rows: Sequence[AsRun]
) -> list[Figure]:
    """Return the same figures, and one for wrong as-run rows."""
    wrong = {one for one in (as_run_fault(verdict.due, rows) for verdict in verdicts) if one}
    name, told = f"{group}, {what}: as-run not as planned", "; ".join(sorted(wrong))
    return [
        *of_pictures(group, what, verdicts),
        Figure(group, name, len(wrong), "items", 0, note=told),
    ]


def of_machine(
    verdicts: Sequence[ItemVerdict],
    seen: Sequence[CapturedPicture],
    stalls: Sequence[Stall],
    seconds: float,
) -> list[Figure]:
    """Return the figures of black pictures and of the machine's own stalls."""
    long = [stall.end - stall.begin for stall in stalls]
    lost = sum(span for span in long if span > REAL_STALL_NS) / 1e9
    ticks = max(1, sum(one.ticks for one in verdicts))
    excused = sum(len(one.excused) for one in verdicts)
    most = 100 * EXCUSED_SHARE_LIMIT
    return [
        Figure("picture", "black pictures", sum(one.black for one in seen), "pictures", 0),
        Figure("machine", "ticks excused by a stall", 100 * excused / ticks, "%", most),
        Figure("machine", "time the machine stood still", 100 * lost / seconds, "%", most),
    ]


def back_after(
    seen: Sequence[CapturedPicture], due: DueItem, started: float, delay: float
) -> float:
    """Return the seconds from `started` to the first picture of the item in its place.

    Judged by arrival alone, because the restarted output has a new clock; `delay` is that of the
    stream before.
    """
    for one in seen:
        if one.ident != due.ident or one.frame is None:
            continue
        if (one.arrived or 0.0) <= started + DYING_SECONDS:
            continue
        off = (one.arrived or 0.0) - delay - due.begin - float(one.frame / NTSC)
        if abs(off) < DELAY_SPREAD:
            return (one.arrived or 0.0) - started
    return NEVER


def delay_of(seen: Sequence[CapturedPicture], due: DueItem) -> float:
    """Return the seconds from the bus to the arrival, from the item's pictures; fail if there are
    none.
    """
    found = [lag for one in seen if (lag := _arrival_lag(one, due)) is not None]
    assert found, f"{due.title} was never seen: nothing can be judged by it"
    return median(found)


def breaks(seen: Sequence[CapturedPicture], begin: float, end: float, excuses: Excuse) -> int:
    """Count pairs of pictures between two instants that do not follow each other; 1 if nothing
    arrived.
    """
    mine = [one for one in seen if begin <= (one.arrived or 0.0) < end]
    pairs = zip(mine, mine[1:], strict=False)
    wrong = [after for one, after in pairs if not (follows(one, after) or excuses(after.arrived))]
    return len(wrong) + (not mine)
