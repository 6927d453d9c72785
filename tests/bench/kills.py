"""`kill -9` of each process of a station on air: the harm at the receiver, the time to recover."""

import random
import signal
import time
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure, middle
from soak.single_machine import SingleMachine, strike
from soak.strikes import Harm, Schedule, Strike, judge
from soak.test_kills import BETWEEN, PROCESSES, plan, read
from support.capture import Capture
from support.station import wait_for


def beat(box: SingleMachine, rounds: int, dice: random.Random) -> list[Strike]:
    """Kill every process in turn, `rounds` times."""
    made: list[Strike] = []
    for number, name in enumerate(list(PROCESSES) * rounds):
        time.sleep(dice.uniform(0, 2))
        pid = wait_for(lambda name=name: box.target(name), 30, f"there is a {name}")
        at = time.time()
        strike(pid, signal.SIGKILL)
        made.append(Strike(number, name, "SIGKILL", at))
        time.sleep(max(0.0, at + BETWEEN - time.time()))
    return made


def figures(harms: list[Harm]) -> list[Figure]:
    """Return, for each process, the time to recover and the promises not kept."""
    made = []
    for name in PROCESSES:
        mine = [harm for harm in harms if harm.strike.name == name]
        back = [harm.back if harm.disturbed else 0.0 for harm in mine]
        kept = "; ".join(word for harm in mine for word in harm.amiss) or "as promised"
        black = sum(harm.black for harm in mine)
        held, silent = (max(getattr(harm, what) for harm in mine) for what in ("held", "silent"))
        centre = middle(back)
        words = "never" if centre > 1e6 else f"{centre:.2f} s"
        note = f"{len(mine)} kills, middle {words}; picture held {held:.2f} s, "
        note += f"stream silent {silent:.2f} s, {black} black; {kept}"
        made.append(Figure("kills", f"{name}: right again after, worst", max(back), "s", note=note))
        amiss = sum(bool(harm.amiss) for harm in mine)
        made.append(Figure("kills", f"{name}: promises not kept", amiss, "kills", 0))
    return made


def measure(folder: Path, quick: bool) -> Measured:
    """Run a station under one parent and kill each of its processes once while it airs.

    `make soak` has many more kills, at random.
    """
    del quick
    rounds, dice = 1, random.Random(9)
    path = folder / "air.ts"
    with SingleMachine(folder / "box") as box:
        schedule = plan(box, folder, len(PROCESSES) * rounds)
        wait_for(box.whole, 60, "every process is there")
        time.sleep(max(0.0, schedule.begin.timestamp() - time.time() - 5))
        with Capture(box.air_port, path):
            time.sleep(15)
            strikes = beat(box, rounds, dice)
            ended = time.time()
    return Measured(figures(judged(path, strikes, ended, schedule)))


def judged(path: Path, strikes: list[Strike], ended: float, schedule: Schedule) -> list[Harm]:
    """Judge the harm of every kill, from just before it to just before the next."""
    received, ends = read(path), [*(one.at for one in strikes[1:]), ended]
    return [
        judge(one, received.window(one.at - 0.5, end - 0.1), schedule)
        for one, end in zip(strikes, ends, strict=True)
    ]
