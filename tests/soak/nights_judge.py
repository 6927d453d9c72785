"""The judges of a night of faults: its as-run against its pictures, and one row a kind of fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.figures import Figure
from soak.long_faults import LongFault
from soak.night_strikes import Beaten
from soak.strikes import NEVER, Harm, Schedule

from playout.model.plan import Outcome
from playout.model.wire import AsRun

FRAME_SECONDS = 0.04
"""Latest start of an airing that began on its tick: a little more than one picture."""
LONG_OUTAGE = 6.0
"""Seconds from which an airing must say that it was interrupted; as-run says so from five on."""
EDGE = 3.0
"""Seconds by which an outage may touch the next airing and still change what is said of it."""


@dataclass(frozen=True)
class Outage:
    """A stretch of other pictures than planned, or none: UTC seconds."""

    begin: float
    end: float


def as_run_faults(
    rows: Sequence[AsRun], schedule: Schedule, until: float, outages: Sequence[Outage]
) -> Mapping[int, str]:
    """Return what the as-run of each airing that was over by `until` says falsely, in words, by its
    number from 0; nothing of an airing whose account is true.

    An airing has one row. Undisturbed it aired, from its own tick on. In whose middle there was a
    long outage, it cannot say that it aired whole.
    """
    wrong: dict[int, str] = {}
    begin = schedule.begin.timestamp()
    for number in range(int((until - begin) // schedule.seconds)):
        start = begin + number * schedule.seconds
        end, title = start + schedule.seconds, f"Council {number + 1}"
        mine = [row for row in rows if row.title == title]
        if len(mine) != 1:
            wrong[number] = f"{title} has {len(mine)} rows"
            continue
        near = [one for one in outages if one.begin < end + EDGE and one.end > start - EDGE]
        late = mine[0].start.timestamp() - start
        if not near and (
            mine[0].outcome is not Outcome.AIRED or not -0.001 <= late < FRAME_SECONDS
        ):
            words = f"{mine[0].outcome} {mine[0].reason}, {late:.2f} s late".strip()
            wrong[number] = f"{title} was not disturbed and is said to be {words}"
        inside = [one for one in near if one.begin > start + EDGE and one.end < end - EDGE]
        if any(o.end - o.begin > LONG_OUTAGE for o in inside) and mine[0].outcome is Outcome.AIRED:
            wrong[number] = f"{title} was off for long and is said to have aired whole"
    return wrong


def of_strikes(
    kind: str, harms: Sequence[Harm], schedule: Schedule, false_rows: Mapping[int, str]
) -> Figure:
    """Return the row of one kind of strike: how often, the worst picture lost, how many broke a
    promise, and the rest in words.
    """
    counted = [one for one in harms if not one.excused]
    amiss = [one for one in counted if one.amiss]
    lost = max((one.back for one in counted), default=0.0)
    right = sum(one.back != NEVER for one in counted)
    items = {int((h.strike.at - schedule.begin.timestamp()) // schedule.seconds) for h in counted}
    told = sum(number not in false_rows for number in items)
    words = [
        f"{len(harms)} times, {len(harms) - len(counted)} excused by a stall",
        f"picture lost at worst {lost:.2f} s",
        f"right item afterwards {right} of {len(counted)}",
        f"as-run true {told} of {len(items)}",
        *(word for one in amiss for word in one.amiss),
    ]
    return Figure("nights", f"{kind}: broken promises", len(amiss), "", 0, note="; ".join(words))


def of_long_fault(
    kind: str, faults: Sequence[LongFault], during: Sequence[Harm], untold: Sequence[str]
) -> Figure:
    """Return the row of one kind of long fault: how often, whether alerts came and went, and the
    strikes while it held that broke a promise.
    """
    amiss = [one for one in during if one.amiss and not one.excused]
    seconds = sum(one.end - one.begin for one in faults)
    words = [
        f"{len(faults)} times, {seconds:.0f} s in all",
        f"{len(during)} strikes meanwhile, {len(amiss)} broke a promise",
        *untold,
    ]
    return Figure("nights", f"{kind}: alerts amiss", len(untold), "", 0, note="; ".join(words))


def of_beaten(beaten: Beaten, count: int) -> list[Figure]:
    """Return how many of `count` strikes were not made, and why."""
    missing, absent = count - len(beaten.strikes), beaten.absent
    why = beaten.ended_early
    return [
        Figure("nights", "strikes not made", missing, f"of {count}", 0, note=why),
        Figure(
            "nights", "processes that did not come", len(absent), "times", 0,
            note=", ".join(absent),
        ),
    ]  # fmt: skip
