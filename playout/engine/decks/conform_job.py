"""A filling of a deck's ring: what is conformed, from where on, and by which rules."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from config.names import HouseFormat
from media.colour import HOUSE_MATRIX
from playout.engine.decks.first_pictures import FirstPictures
from playout.engine.decks.join_pictures import EARLIER, JoinPictures
from playout.engine.format.framing import PictureBox
from playout.engine.vlc.callbacks import pitches_of
from playout.model.pieces import source_frame

CaptionsOfSlot = Callable[[int], bytes]
"""A function that returns the captions of a house slot of a file."""


def no_captions(slot: int) -> bytes:
    """Return no captions, whatever the slot."""
    del slot
    return b""


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
    opening: FirstPictures | JoinPictures | None = None
    """The first pictures, to replace those that libVLC loses while it starts on a busy machine, or
    those around an exact join."""
    pictures: int = 0
    """House slots that the picture should fill from the first one on; 0 when unknown."""
    captions: CaptionsOfSlot = no_captions
    """What each slot carries, whatever picture it shows."""

    def source_frame(self, slot: int, house: Fraction) -> int:
        """Return which picture a slot shows, both counted from the first of this filling.

        A file that is joined has each picture on the slot where it would be without the join.
        """
        before = source_frame(self.first, self.rate, house)
        return source_frame(self.first + slot, self.rate, house) - before


def is_drawn_in_place(run: ConformJob, house: HouseFormat) -> bool:
    """Return whether the decoder may draw straight into the ring: the picture fills that of the
    house, has its colours, and has rows as libVLC likes them.
    """
    whole = run.box == PictureBox(0, 0, house.width, house.height)
    fits = pitches_of(house.width) == (house.width, house.width // 2, house.width // 2)
    return whole and fits and run.matrix == HOUSE_MATRIX and not run.still


def seek_to(run: ConformJob, house: Fraction) -> float:
    """Return where to begin in the file, in seconds: half a picture before the one that belongs on
    the first slot, because dates in files are rounded, and a picture dated before is left out.
    """
    if not run.first or not run.has_picture:
        return float(run.first / house)
    early = EARLIER if isinstance(run.opening, JoinPictures) else 0
    frame = source_frame(run.first, run.rate, house) - early
    return max(0.0, float((frame - Fraction(1, 2)) / run.rate))
