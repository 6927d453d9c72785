"""The strikes of a night: one after the other, within a time for which airings are planned."""

import random
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from soak.long_faults import LongFaults
from soak.single_machine import SingleMachine, plays_a_file, strike
from soak.strikes import Strike
from soak.test_kills import OUTPUTS, STOPPED, UNWATCHED, deal, found, sent, taken_again
from support.station import CHANNEL

from config.names import ChannelId
from scheduler.queries import onair

WATCHED = {"supervisor": 14.0, "SRT target": 7.0}
"""Seconds after a strike in which its harm is judged, by the process."""
WATCHED_OTHERS = 6.0
EACH, MORE = 11.0, 150.0
"""Seconds that a strike takes with all that belongs to it, clock faults among them, and what a few
strikes may take longer than the average. Measured strikes take 7.5 s; a third of the time belongs
to faults of the clock, in which nothing is struck."""
COMES_WITHIN = 30.0
"""Seconds within which a process that is to be struck must be there."""
LAST_TAKES = 150.0
"""Seconds that a strike which has begun may take at most: the process comes, a fault of the clock
holds, a target takes the stream again."""


def striking_seconds(count: int) -> float:
    """Return the seconds after which no strike begins. Airings are planned for LAST_TAKES more:
    where they end, no deck plays, and none could be told to be idle.
    """
    return count * EACH + MORE


@dataclass
class Beaten:
    """The strikes that were made, and why there are not more."""

    strikes: list[Strike] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    """Processes that were to be struck and did not come in time."""
    ended_early: str = ""
    """Why not all strikes were tried, in words; empty where they were."""


class Beating:
    """A run of strikes at one station."""

    def __init__(self, box: SingleMachine, dice: random.Random, long: LongFaults) -> None:
        self._box, self._dice, self._long = box, dice, long
        self.beaten = Beaten()

    def run(self, count: int, seconds: float) -> Beaten:
        """Strike `count` times, each a moment after the harm of the one before has been judged;
        begin none after `seconds`. Whatever goes wrong, return the strikes that were made.
        """
        beaten, end = self.beaten, time.monotonic() + seconds
        try:
            for number, (name, sign) in enumerate(deal(count, self._dice)):
                if time.monotonic() > end:
                    beaten.ended_early = f"{number} of {count} tried in {seconds / 60:.0f} minutes"
                    break
                self._one(number, name, sign)
        except Exception as error:  # noqa: BLE001 - the night is judged as far as it went
            traceback.print_exc()
            beaten.ended_early = f"after {len(beaten.strikes)} of {count}: {error!r}"
        return beaten

    def _one(self, number: int, name: str, sign: signal.Signals) -> None:
        time.sleep(self._dice.uniform(0, 1))
        if self._long.holds == "disk full" and name in OUTPUTS:
            # A target cannot write what became of it to a full disk.
            name = "agent"
        pid = self._wait_until_there(name)
        if pid is None:
            self.beaten.absent.append(name)
            return
        before, at = sent(self._box, name), time.time()
        strike(pid, sign)
        again = taken_again(self._box, name, pid, before, at) if name in OUTPUTS else 0.0
        self.beaten.strikes.append(Strike(number, name, sign.name, at, again))
        if sign is signal.SIGSTOP and name in UNWATCHED:
            time.sleep(STOPPED)
            strike(pid, signal.SIGCONT)
        time.sleep(max(0.0, at + WATCHED.get(name, WATCHED_OTHERS) - time.time()))
        held = f" during {self._long.holds}" if self._long.holds else ""
        self._say(
            f"{number}: {sign.name} to {name} ({pid}){held}; {_tried(lambda: shown(self._box))}"
        )

    def _wait_until_there(self, name: str) -> int | None:
        """Return a process by its name while processes may be struck. Return None, and say what is
        there instead, if it does not come.
        """
        end = time.monotonic() + COMES_WITHIN
        while time.monotonic() < end:
            if not self._long.may_strike.is_set():
                self._long.may_strike.wait()
                end = time.monotonic() + COMES_WITHIN
            pid = found(self._box, name)
            if pid is not None and self._long.may_strike.is_set():
                return pid
            time.sleep(0.1)
        there = _tried(lambda: f"{self._box.pids()}, {self._decks()}")
        self._say(f"no {name}: {there}; {_tried(lambda: shown(self._box))}")
        return None

    def _decks(self) -> str:
        playing = [pid for pid in self._box.pids().get("deck", []) if plays_a_file(pid)]
        return f"decks with a file {playing}"

    def _say(self, words: str) -> None:
        print(f"{datetime.now(UTC):%H:%M:%S} {words}", flush=True)


def shown(box: SingleMachine) -> str:
    """Return what the machine reported last to be on air, and its problems, in words."""
    now = onair.on_air(box.db, ChannelId(CHANNEL), datetime.now(UTC))
    if now.status is None:
        return "nothing reported"
    problems = "; ".join(now.status.problems) or "no problems"
    return f"on air {now.status.layer} {now.status.title!r} at {now.status.at:%H:%M:%S}, {problems}"


def _tried(words: Callable[[], str]) -> str:
    """Return these words, or why there are none: the database or a process may just be away."""
    try:
        return words()
    except Exception as error:  # noqa: BLE001 - only for the log of the night
        return repr(error)
