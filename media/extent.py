"""Says when a file begins and ends as a player shows it, from the times of its packets (pure)."""

from array import array
from dataclasses import dataclass, field
from fractions import Fraction

LONE_SOUND_SECONDS = 0.5
"""Seconds for which sound may have no picture of its own, before the first or behind the last: more
than any coding adds, and about as long as the engine holds a picture (engine/switch.HOLD)."""
ASSUMED_PICTURE_SECONDS = 0.04
"""Seconds a picture lasts where nothing says how long."""


@dataclass
class Extent:
    """The times noted while a file was read, in seconds by its own clock."""

    pictures: "array[float]" = field(default_factory=lambda: array("d"))
    """When each picture is shown, in any order."""
    keys: "array[float]" = field(default_factory=lambda: array("d"))
    """When each picture is shown that needs no other."""
    lasts: tuple[float, float] = (float("-inf"), 0.0)
    """When the last picture is shown, and for how long by its own word."""
    cut: int = 0
    """Pictures that the file holds and says not to show."""
    sound_begins: float | None = None
    sound_ends: float = 0.0

    def note_picture(self, at: float, lasts: float, *, key: bool) -> None:
        """Note a picture that is shown at this time."""
        self.pictures.append(at)
        self.lasts = max(self.lasts, (at, lasts))
        if key:
            self.keys.append(at)

    def note_sound(self, begin: float, end: float) -> None:
        """Note a piece of sound."""
        known = begin if self.sound_begins is None else self.sound_begins
        self.sound_begins = min(known, begin)
        self.sound_ends = max(self.sound_ends, end)

    @property
    def reached(self) -> float:
        """When the last that was read is over."""
        return max(self.sound_ends, self.lasts[0] + (self.lasts[1] or ASSUMED_PICTURE_SECONDS))

    def key_gap(self) -> float:
        """Seconds between two pictures that need no other, at most; to the last picture too."""
        if not self.pictures:
            return 0.0
        known = sorted({min(self.pictures), *self.keys, max(self.pictures)})
        return max((b - a for a, b in zip(known, known[1:], strict=False)), default=0.0)


@dataclass(frozen=True)
class AiredSpan:
    """What of a file airs, in seconds by its own clock."""

    begin: float
    end: float
    stands: float = 0.0
    """Seconds of it in which the first or the last picture stands and time goes on."""

    @property
    def length(self) -> float:
        """Seconds."""
        return max(0.0, self.end - self.begin)


def aired_span(extent: Extent, rate: Fraction | None, declared: float) -> AiredSpan:
    """The stretch a player shows: from the first picture to the end of the last.

    Sound that goes on for more than LONE before or behind the pictures belongs to it, and so does
    a last picture that lasts longer, unless that is beyond the `declared` end. `rate` is that of
    the pictures where it is constant.
    """
    if not extent.pictures:
        return AiredSpan(extent.sound_begins or 0.0, extent.sound_ends)
    first, (last, lasts) = min(extent.pictures), extent.lasts
    # Some writers give the last picture no time, or a tick of it: at a fair rate it is not asked.
    fair = rate is not None and 1 / rate < LONE_SOUND_SECONDS
    begin, end = (
        first,
        last + (float(1 / rate) if rate and fair else lasts or ASSUMED_PICTURE_SECONDS),
    )
    if extent.sound_begins is not None and first - extent.sound_begins > LONE_SOUND_SECONDS:
        begin = extent.sound_begins
    far = max(extent.sound_ends, min(last + lasts, max(declared, end)))
    if far - end > LONE_SOUND_SECONDS:
        return AiredSpan(begin, far, far - end + first - begin)
    return AiredSpan(begin, end, first - begin)
