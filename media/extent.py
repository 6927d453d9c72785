"""Start and end of a file as a player shows it, from the times of its packets (pure)."""

from array import array
from dataclasses import dataclass, field
from fractions import Fraction

LONE_SOUND_SECONDS = 0.5
"""Seconds for which sound may go on without a picture, before the first or after the last. It is
more than any coding adds, and about as long as the engine holds a picture (engine/bus/switch)."""
ASSUMED_PICTURE_SECONDS = 0.04
"""Seconds assumed for a picture without a duration."""


@dataclass
class Extent:
    """The packet times of a file, in seconds on its own clock."""

    pictures: "array[float]" = field(default_factory=lambda: array("d"))
    """When each picture is shown, in any order."""
    keys: "array[float]" = field(default_factory=lambda: array("d"))
    """When each key picture is shown."""
    lasts: tuple[float, float] = (float("-inf"), 0.0)
    """When the last picture is shown, and its own duration."""
    cut: int = 0
    """Pictures that the file marks as not to be shown."""
    sound_begins: float | None = None
    sound_ends: float = 0.0

    def note_picture(self, at: float, lasts: float, *, key: bool) -> None:
        """Note a picture shown at `at` for `lasts` seconds."""
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
        """The end of the last picture or sound read."""
        return max(self.sound_ends, self.lasts[0] + (self.lasts[1] or ASSUMED_PICTURE_SECONDS))

    def key_gap(self) -> float:
        """Return the longest time in seconds between two key pictures; the first and the last
        picture count as such.
        """
        if not self.pictures:
            return 0.0
        known = sorted({min(self.pictures), *self.keys, max(self.pictures)})
        return max((b - a for a, b in zip(known, known[1:], strict=False)), default=0.0)


@dataclass(frozen=True)
class AiredSpan:
    """The part of a file that airs, in seconds on its own clock."""

    begin: float
    end: float
    stands: float = 0.0
    """Seconds of it in which the first or last picture stands still while the sound goes on."""

    @property
    def length(self) -> float:
        """Its length in seconds."""
        return max(0.0, self.end - self.begin)


def aired_span(extent: Extent, rate: Fraction | None, declared: float) -> AiredSpan:
    """Return the part of a file that a player shows: from the first picture to the end of the last.

    Sound that continues for more than LONE_SOUND_SECONDS before or after the pictures belongs to
    it. So does a last picture that lasts longer, unless that passes the `declared` end. `rate` is
    the picture rate where that is constant, else None.
    """
    if not extent.pictures:
        return AiredSpan(extent.sound_begins or 0.0, extent.sound_ends)
    first, (last, lasts) = min(extent.pictures), extent.lasts
    # Some writers give the last picture no duration, or one tick: a steady rate is more reliable.
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
