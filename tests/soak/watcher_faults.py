"""Two hundred faults put into streams that leave, each over a program that shows it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from support.leaving import Coding
from support.leaving_faults import KINDS, Injected, inject, watched
from support.meeting import Meeting, Scene

from playout.model.leaving import Fault

SIZE, CODING = (320, 180), Coding(Fraction(15), 400)
BEGINS, TAIL = 8.0, 14.0
"""Seconds of a good stream before and after each fault."""
OVER_WITHIN = 14.0
"""Seconds after its end until which a fault may still be found: it was there in them."""
MOVING, SOUNDING = ("room", "film"), ("room", "music slate", "film")
SCENES = ("room", "slate", "music slate", "still room", "bulletin", "film", "card")
SLOW = {"clock rate": 50.0}


@dataclass(frozen=True)
class Tried:
    """One fault, and what the watcher made of it."""

    number: int
    fault: Injected
    scene: str
    after: float | None
    """Seconds from its beginning until it was found; None if it never was."""
    named: tuple[str, ...]
    """Every fault that was found."""
    false: tuple[str, ...]
    """Those that were found before it began, or long after it was over."""

    @property
    def is_named_right(self) -> bool:
        """Tell whether it was called by its name."""
        return KINDS[self.fault.kind].value in self.named


def faults(count: int, seed: int) -> Iterator[Tried]:
    """Inject so many faults, every kind in turn, and yield what was found of each."""
    kinds = [*KINDS]
    for number in range(count):
        yield tried(number, kinds[number % len(kinds)], seed * 1000 + number)


def tried(number: int, kind: str, seed: int) -> Tried:
    """Inject one fault into a stream of its own."""
    rng = random.Random(seed)
    lasts = SLOW.get(kind, rng.uniform(12, 20))
    scene = rng.choice(_fit(kind))
    # Scenes before and after it are others, so that a late program is another one.
    whole = BEGINS + lasts + TAIL
    order = [Scene(rng.choice(SCENES), 40.0, seed * 7 + turn) for turn in range(1, 8)]
    meeting = Meeting([Scene(scene, whole, seed * 7), *order], *SIZE)
    fault = Injected(kind, BEGINS, lasts, seed)
    seen = watched(inject(meeting, whole, fault, coding=CODING))
    # A judge of clocks looks back over a minute, so it sees the return to the right time too.
    lasting = KINDS[kind] is Fault.CLOCK
    first = next((one.at for one in seen if one.findings and one.at >= BEGINS), None)
    named = {finding.fault.value for one in seen for finding in one.findings}
    false = {
        finding.fault.value
        for one in seen
        for finding in one.findings
        if one.at < BEGINS or (one.at > fault.ends + OVER_WITHIN and not lasting)
    }
    after = first - BEGINS if first is not None else None
    return Tried(number, fault, scene, after, tuple(sorted(named)), tuple(sorted(false)))


def _fit(kind: str) -> tuple[str, ...]:
    """Return the scenes in which viewers lose something by a fault of this kind."""
    if kind == "frozen":
        return MOVING
    if kind in ("silent", "loud"):
        return SOUNDING
    # A dark card that turns black is nearly what it was.
    return tuple(scene for scene in SCENES if kind != "black" or scene != "card")
