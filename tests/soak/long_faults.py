"""Faults that last for minutes, put on a station beside other strikes, and who was told of them."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from soak.evening import fill
from soak.single_machine import SingleMachine
from support.station import CHANNEL
from support.stepped_clock import SteppedClock

from playout.alerts.conditions import Condition

HELD = {"clock behind": 50.0, "clock ahead": 30.0}
"""Seconds that a fault lasts: its alert is raised by then."""
HELD_OTHERS = 110.0
PAUSE = (20.0, 50.0)
"""Seconds between two: two thirds of the time is left for strikes."""
STEPS = (-5400.0, -120.0, 40.0, 900.0)
"""Seconds off the true time that a clock is set to."""
SETTLED = 12.0
"""Seconds without a strike before and after a fault of the clock."""
EXPECTED: Mapping[str, Condition | None] = {
    "network cut": Condition.HOST_SILENT,
    "disk full": Condition.DISK,
    "clock behind": Condition.CLOCK,
    "clock ahead": None,
}
"""The alert that each must raise. A clock that is ahead may be right, so nobody is told."""
STILL = ("clock behind", "clock ahead")
"""Faults while which no process is struck: one that starts then goes by that clock, so that other
pictures would be right."""
NEAR = 10.0
"""Seconds by which an alert may begin before its fault did, and by which it must be gone after."""


@dataclass(frozen=True)
class LongFault:
    """A fault that held from `begin` to `end`, UTC seconds, while the station's clock was off by
    `off` seconds.
    """

    kind: str
    begin: float
    end: float
    off: float = 0.0


@dataclass(frozen=True)
class ToldAlert:
    """An alert that people were told of: its instants by the station's own clock."""

    condition: str
    came: tuple[datetime, ...]
    """When it began, and when it came last."""
    is_gone: bool
    """Whether it is over, or was gone when last looked at."""


class LongFaults:
    """The faults, and how each is put on this station and taken from it again."""

    def __init__(self, box: SingleMachine, clock: SteppedClock, dice: random.Random) -> None:
        self._box, self._clock, self._dice = box, clock, dice
        self.made: list[LongFault] = []
        self.holds = ""
        """The kind of the one that holds; empty for none."""
        self.may_strike = threading.Event()
        """Set while processes may be struck."""
        self.may_strike.set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "LongFaults":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        kinds: list[str] = []
        while not self._over.wait(self._dice.uniform(*PAUSE)):
            if not kinds:
                kinds = [*EXPECTED]
                self._dice.shuffle(kinds)
            self._hold(kinds.pop())

    def _hold(self, kind: str) -> None:
        if kind in STILL:
            self.may_strike.clear()
            self._over.wait(SETTLED)
        off = self._dice.choice([s for s in STEPS if (s > 0) == (kind == "clock ahead")])
        begin = time.time()
        undo = self._begin(kind, off)
        self.holds = kind
        print(f"{kind} begins", flush=True)
        cut_short = self._over.wait(HELD.get(kind, HELD_OTHERS))
        undo()
        if not cut_short:
            self.made.append(LongFault(kind, begin, time.time(), off if kind in STILL else 0.0))
        self.holds = ""
        print(f"{kind} ends", flush=True)
        if kind in STILL:
            self._over.wait(SETTLED)
            self.may_strike.set()

    def _begin(self, kind: str, off: float) -> Callable[[], object]:
        if kind == "network cut":
            self._box.link.cut()
            return self._box.link.mend
        if kind == "disk full":
            ballast = self._box.settings.channel_dir(CHANNEL) / "ballast"
            fill(ballast)
            return ballast.unlink
        self._clock.step(off)
        return lambda: self._clock.step(0.0)


def untold(fault: LongFault, told: Sequence[ToldAlert]) -> str:
    """Return what is wrong with what people were told of a fault, in words; empty where they were
    told while it held, and it is gone since.
    """
    condition = EXPECTED[fault.kind]
    if condition is None:
        return ""
    since = datetime.fromtimestamp(fault.begin + fault.off - NEAR, UTC)
    until = datetime.fromtimestamp(fault.end + fault.off, UTC)
    mine = [
        one
        for one in told
        if one.condition == condition.value and any(since <= at <= until for at in one.came)
    ]
    if not mine:
        return f"nobody was told of: {condition.value}"
    return "" if any(one.is_gone for one in mine) else f"not over: {condition.value}"


def told_by_webhook(lines: Iterable[Mapping[str, str | None]]) -> list[ToldAlert]:
    """Return the alerts that arrived at the webhook, each once."""
    by_name: dict[str, list[Mapping[str, str | None]]] = {}
    for line in lines:
        by_name.setdefault(line["alert"] or "", []).append(line)
    return [
        ToldAlert(
            same[0]["condition"] or "",
            tuple(datetime.fromisoformat(line["began"] or "") for line in same[:1]),
            any(line["ended"] for line in same),
        )
        for same in by_name.values()
    ]
