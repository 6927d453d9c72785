"""The captions of a file by house slot: the same for a join in progress and a repeat, because they
follow from the file's track and the house rate alone.

A caption belongs to the first slot that shows its picture. One pair of a field goes into a slot, or
into every second one at 59.94 (`pairs.FieldTurns`), so pairs of pictures that fall on one slot
queue for the next. Pair i gets its turn at

    turn(i) = max(arrival(i), turn(i - 1) + 1)

which is solved for a whole file at once: turn(i) - i is the largest arrival(m) - m of all m up to
i. Example, 59.94 pictures a second in a house of 29.97, pairs of field 1 in pictures 0 to 3 and 8:

    picture     0  1  2  3  8
    arrival     0  1  1  2  4
    turn        0  1  2  3  4

Six hours of captions without a pause are placed in less than half a second.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from media.captions.track import FIELD_2, TRIPLET_BYTES, CaptionTrack
from playout.engine.captions.pairs import FIELDS, dtvcc_room, pairs_a_second

_Numbers = npt.NDArray[np.int64]
_Triplets = npt.NDArray[np.uint8]

EARLY_SLOTS = Fraction(1, 10)
"""Part of a slot by which a caption may come after a slot begins and still belong to it: containers
round the times of pictures to a millisecond."""
DOUBLE_WITHIN = 45_000
"""Microseconds within which the same control code again is the double of the first: one picture of
25 a second, and rounding."""
_SECOND = 1_000_000


@dataclass(frozen=True)
class PlacedTriplets:
    """Triplets of one kind in the order sent, each with its slot."""

    slots: _Numbers
    triplets: _Triplets

    def at(self, slot: int) -> bytes:
        """Return the triplets of a slot."""
        first, after = np.searchsorted(self.slots, (slot, slot + 1))
        return self.triplets[first:after].tobytes()


class PlacedCaptions:
    """The captions of a file at a house rate."""

    def __init__(self, track: CaptionTrack, rate: Fraction) -> None:
        times, ends, captions = track.columns
        triplets = np.frombuffer(captions, np.uint8).reshape(-1, TRIPLET_BYTES)
        after: _Numbers = np.frombuffer(ends, np.int64)
        counts = after - np.append(0, after[:-1])[: len(after)]
        dates = np.repeat(np.frombuffer(times, np.int64), counts)
        kinds = triplets[:, 0]
        self._placed = [
            _placed_pairs(triplets[kinds == field], dates[kinds == field], rate, number)
            for number, field in enumerate(FIELDS)
        ]
        others = kinds > FIELD_2
        self._placed.append(_placed_dtvcc(triplets[others], dates[others], rate))

    def at(self, slot: int) -> bytes:
        """Return the captions of a house slot, counted from the start of the file."""
        return b"".join(placed.at(slot) for placed in self._placed)


def _slots(dates: _Numbers, rate: Fraction) -> _Numbers:
    """Return the first slot that begins at each time (microseconds) or later."""
    unit = _SECOND * rate.denominator
    early = int(unit * EARLY_SLOTS)
    slots: _Numbers = np.maximum(0, -((early - dates * rate.numerator) // unit))
    return slots


def _queued(arrivals: _Numbers, spaces: _Numbers) -> _Numbers:
    """Return when each of a queue is served, `spaces` after the one before it at least."""
    before = np.cumsum(spaces) - spaces
    served: _Numbers = before + np.maximum.accumulate(arrivals - before)
    return served


def _placed_pairs(
    triplets: _Triplets, dates: _Numbers, rate: Fraction, field: int
) -> PlacedTriplets:
    """Place the pairs of field 0 or 1. Null pairs are left out."""
    doubled = _first_of_double(triplets, dates)
    spoken = (triplets[:, 1:] & 0x7F).any(axis=1)
    triplets, dates, doubled = triplets[spoken], dates[spoken], doubled[spoken]
    share = pairs_a_second(rate) / rate
    slots = _slots(dates, rate)
    turns = -(-slots * share.numerator // share.denominator)
    own: _Numbers = -((field - turns) // 2)
    following = np.append(own[1:], 0)
    own = np.where(doubled, np.maximum(own, following - 1), own)
    served = _queued(own, _spaces(triplets, doubled)) * 2 + field
    return PlacedTriplets(served * share.denominator // share.numerator, triplets)


def _first_of_double(triplets: _Triplets, dates: _Numbers) -> npt.NDArray[np.bool_]:
    """Tell for each pair whether it is a control code that its double follows at once."""
    again = np.append(_is_same(triplets) & (np.diff(dates) <= DOUBLE_WITHIN), False)
    if not len(triplets):
        return np.zeros(0, np.bool_)
    again = again[: len(triplets)]
    places = np.arange(len(again))
    begins = np.where(again & ~np.append(False, again[:-1]), places, 0)
    firsts: npt.NDArray[np.bool_] = again & ((places - np.maximum.accumulate(begins)) % 2 == 0)
    return firsts


def _is_same(triplets: _Triplets) -> npt.NDArray[np.bool_]:
    """Tell for each pair but the last whether it is a control code and the next is the same."""
    first = triplets[:, 1] & 0x7F
    is_control = (first >= 0x10) & (first <= 0x1F)
    same: npt.NDArray[np.bool_] = (triplets[1:] == triplets[:-1]).all(axis=1) & is_control[:-1]
    return same


def _spaces(triplets: _Triplets, doubled: npt.NDArray[np.bool_]) -> _Numbers:
    """Return how many turns after each pair the next may come: two where it is the same command
    again, which a decoder would take for a double.
    """
    if not len(triplets):
        return np.zeros(0, np.int64)
    second = np.append(False, doubled[:-1])
    again = np.append(_is_same(triplets), False) & ~doubled & ~second
    return np.where(again, 2, 1)


def _placed_dtvcc(triplets: _Triplets, dates: _Numbers, rate: Fraction) -> PlacedTriplets:
    room = dtvcc_room(rate)
    places = _queued(_slots(dates, rate) * room, np.ones(len(dates), np.int64))
    return PlacedTriplets(places // room, triplets)
