"""A filling of a deck's ring: what is conformed, from where on, and by which rules."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from config.names import HouseFormat
from media.colour import HOUSE_MATRIX
from playout.engine.decks.first_pictures import FirstPictures
from playout.engine.format.framing import PictureBox
from playout.engine.vlc.callbacks import pitches_of

CaptionsOfSlot = Callable[[int], bytes]
"""A function that returns the captions of a house slot of a file."""


def no_captions(slot: int) -> bytes:
    """Return no captions, whatever the slot."""
    del slot
    return b""


RATE_TOLERANCE = Fraction(1, 2000)
"""Part by which two rates may differ and count as one."""


def source_frame(slot: int, source: Fraction, house: Fraction) -> int:
    """Return the number of the source frame for house slot `slot`, both counted from 0, spread
    evenly.

    At 24 frames a second and a house rate of 30, slots 0 to 5 show frames 0, 0, 1, 2, 3, 4. Rates
    that differ by less than RATE_TOLERANCE go frame for frame: the difference is rounding in the
    container.
    """
    if abs(source / house - 1) < RATE_TOLERANCE:
        return slot
    return int(slot * source / house + Fraction(1, 1000))


@dataclass(frozen=True)
class ConformJob:
    """One filling of the ring: which load, from which house frame on, and what the file has."""

    generation: int
    first: int
    rate: Fraction
    """Source frames a second."""
    box: PictureBox
    matrix: int = HOUSE_MATRIX
    """Colour matrix of its pictures, by the numbers of H.273."""
    gain_db: float = 0.0
    has_picture: bool = True
    has_sound: bool = True
    still: bool = False
    opening: FirstPictures | None = None
    """The first pictures, to replace those that libVLC loses while it starts on a busy machine."""
    pictures: int = 0
    """House slots that the picture should fill from the first one on; 0 when unknown."""
    captions: CaptionsOfSlot = no_captions
    """What each slot carries, whatever picture it shows."""


def is_drawn_in_place(run: ConformJob, house: HouseFormat) -> bool:
    """Return whether the decoder may draw straight into the ring: the picture fills that of the
    house, has its colours, and has rows as libVLC likes them.
    """
    whole = run.box == PictureBox(0, 0, house.width, house.height)
    fits = pitches_of(house.width) == (house.width, house.width // 2, house.width // 2)
    return whole and fits and run.matrix == HOUSE_MATRIX and not run.still
