"""Detection of pictures that never came, by comparing when pictures were shown with their count."""

from fractions import Fraction
from itertools import pairwise

SHARP_NEEDED = 3
"""Sharp dates that settle the instant of the first picture."""
SETTLED_AT, SETTLED_AT_LATEST = 6, 12
"""Pictures before that instant is used; the second number where few of them are sharp."""
OFF_FRAMES = 0.75
"""Source frames by which a date must differ from its count to be off."""
AGREEING_DATES = 4
"""Sharp dates that must be off alike. One alone is a thread that woke late."""
CONFIRM_FRAMES = 0.25
"""Source frames within which one early date confirms another."""
ALIKE_FRAMES = 0.5
"""Source frames within which two dates are off alike."""
PICTURES_IN_DOUBT = 8
"""Pictures to wait for the agreeing dates."""


class PictureDates:
    """A comparison of each picture's number with the instant libVLC showed it, in microseconds.

    A date is sharp when libVLC had the picture ready and waited for its instant. Measured: sharp
    dates are right to a tenth of a millisecond, and to one thread's waking on a busy machine, also
    after the deck was blocked for seconds. The date of a picture that came too late says nothing.

    Example at 25 a second: picture 0 was shown at 1.000 s, so picture 10 is due at 1.400. If what
    we count as picture 10 is sharp at 1.440, and the three sharp ones after it are a frame off as
    well, then one picture never came.
    """

    def __init__(self, rate: Fraction) -> None:
        self._frame = 1e6 / float(rate)
        self._firsts: list[float] = []
        self._blunt: list[float] = []
        self._odd: list[float] = []
        self._waited = 0
        self.start: int | None = None
        """The instant of picture 0, once known."""
        self._firm = False

    def missing(self, number: int, date: int, sharp: bool) -> int | None:
        """Return how many source frames are missing before the one counted as picture `number`;
        None while in doubt.

        Negative when that many were counted twice. After doubt the answer is for the first picture
        in doubt.
        """
        start = date - number * self._frame
        if not self._firm:
            self._learn(number, start, sharp)
            return 0
        assert self.start is not None
        off = (start - self.start) / self._frame
        if sharp and abs(off) < OFF_FRAMES:
            return self._resolve(0)
        if sharp:
            self._odd = [other for other in self._odd if abs(other - off) < ALIKE_FRAMES] + [off]
            if len(self._odd) == AGREEING_DATES:
                return self._resolve(round(min(self._odd)))
        if self._odd:
            self._waited += 1
            return None if self._waited < PICTURES_IN_DOUBT else self._resolve(0)
        return 0

    def _resolve(self, missing: int) -> int:
        self._odd, self._waited = [], 0
        return missing

    def _learn(self, number: int, start: float, sharp: bool) -> None:
        (self._firsts if sharp else self._blunt).append(start)
        firm = len(self._firsts) >= SHARP_NEEDED
        if (firm and number >= SETTLED_AT) or (self.start is None and number >= SETTLED_AT_LATEST):
            self.settle()
        self._firm = self.start is not None and firm

    def settle(self) -> None:
        """Fix the first picture's instant from what is known by now; no more will come."""
        known = sorted(self._firsts or self._blunt)
        if known and not self._firm:
            self.start = round(self._earliest(known))

    def _earliest(self, known: list[float]) -> float:
        """Return the earliest date that another confirms. Threads wake late, so late dates do not
        count, and the very first picture may be shown a frame early while libVLC finds its clock.

        Example at 25 a second, in ms: of -40, 0, 0.1 and 12 it is 0. Taken for the start, -40 made
        every later picture seem a frame late, and the deck repeated one at the eighth.
        """
        for early, following in pairwise(known):
            if following - early < CONFIRM_FRAMES * self._frame:
                return early
        return known[0]
