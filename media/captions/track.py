"""The captions of a file as one sorted track of caption bytes by time, and its form on disk.

The form on disk, all integers little-endian: the eight bytes `GAVELCC` and a version, the number
of packets (4 bytes), their times in microseconds (8 bytes each), their numbers of triplets (1 byte
each), and the triplets of all packets in a row.
"""

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import lt
from typing import overload

TRIPLET_BYTES = 3
MOST_TRIPLETS = 31
"""Most triplets of one picture: CEA-708 counts them in five bits."""
FIELD_1, FIELD_2, DTVCC_DATA, DTVCC_START = 0xFC, 0xFD, 0xFE, 0xFF
"""First bytes of a valid triplet: a pair of line 21 for either field, or two bytes of 708."""
MOST_PACKETS = 4_000_000
"""Most packets of a track: a day of 30 pictures a second, and a half."""
LONGEST_MICROSECONDS = 7 * 86_400 * 1_000_000
MOST_BYTES = 64 << 20
"""Most bytes of a track on disk: three days of 608 alone, nine hours of 708 at its fullest."""
SUFFIX = ".cc"
"""Ending of a track's name in the media store."""

_MAGIC = b"GAVELCC"
_VERSION = 1
_HEAD = struct.Struct("<7sBI")


def triplets_of(captions: bytes) -> Iterator[bytes]:
    """Yield each whole triplet of `cc_data`."""
    for start in range(0, len(captions) - TRIPLET_BYTES + 1, TRIPLET_BYTES):
        yield captions[start : start + TRIPLET_BYTES]


class CaptionError(Exception):
    """Captions that cannot be read or kept; the sentence is for staff."""


@dataclass(frozen=True, slots=True)
class CaptionPacket:
    """The caption bytes that belong to one picture."""

    microseconds: int
    """Time of the picture from the start of the media."""
    triplets: bytes
    """One to 31 valid triplets of `cc_data`; see FIELD_1 and its neighbours."""

    def __post_init__(self) -> None:
        """Raise CaptionError for a time or triplets that no track may hold."""
        if not 0 <= self.microseconds <= LONGEST_MICROSECONDS:
            raise CaptionError(f"No captions belong at {self.microseconds} microseconds.")
        if not _are_valid(self.triplets):
            raise CaptionError("A picture has between one and 31 whole, valid caption triplets.")


class CaptionTrack(Sequence[CaptionPacket]):
    """The caption packets of one file, sorted by time, no two of them at one time.

    It is kept in three columns, because two hours of captions are 200,000 packets.
    """

    def __init__(self, packets: Iterable[CaptionPacket] = ()) -> None:
        """Sort the packets, and join those at one time in the order given.

        Raises CaptionError where a picture gets more than 31 triplets, or the track too many.
        """
        by_time: dict[int, bytes] = {}
        for packet in packets:
            by_time[packet.microseconds] = by_time.get(packet.microseconds, b"") + packet.triplets
        times = sorted(by_time)
        pieces = [by_time[time] for time in times]
        if any(len(piece) > MOST_TRIPLETS * TRIPLET_BYTES for piece in pieces):
            raise CaptionError("A picture has more than 31 caption triplets.")
        self._set(array("q", times), [len(piece) // TRIPLET_BYTES for piece in pieces])
        self._triplets = b"".join(pieces)
        self._bound()

    @classmethod
    def of_pairs(cls, times: Iterable[int], triplets: bytes) -> "CaptionTrack":
        """Return the track of one triplet at each of these times, in microseconds; the times are in
        order. It takes a tenth of the time that a packet for each would. Raises CaptionError.
        """
        track, column = cls(), array("q", times)
        counts = bytes((1,)) * len(column)
        _check(column, counts, triplets)
        track._set(column, counts)
        track._triplets = triplets
        track._bound()
        return track

    def _bound(self) -> None:
        if len(self._times) > MOST_PACKETS or self.size > MOST_BYTES:
            raise CaptionError("These captions are too many for one file.")

    def _set(self, times: "array[int]", counts: Iterable[int]) -> None:
        self._times = times
        self._ends = array("q", accumulate(counts))

    @property
    def size(self) -> int:
        """Bytes of the track on disk."""
        return _HEAD.size + 9 * len(self._times) + len(self._triplets)

    def __len__(self) -> int:
        """Return the number of packets."""
        return len(self._times)

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """Yield time and triplets of each packet, without making packets of them: much faster."""
        begin, triplets = 0, self._triplets
        for time, count in zip(self._times, self._ends, strict=True):
            end = count * TRIPLET_BYTES
            yield time, triplets[begin:end]
            begin = end

    @overload
    def __getitem__(self, place: int) -> CaptionPacket: ...

    @overload
    def __getitem__(self, place: slice) -> list[CaptionPacket]: ...

    def __getitem__(self, place: int | slice) -> CaptionPacket | list[CaptionPacket]:
        """Return one packet by its place, or a list of several."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = range(len(self))[place]
        begin = self._ends[at - 1] if at else 0
        piece = self._triplets[begin * TRIPLET_BYTES : self._ends[at] * TRIPLET_BYTES]
        return CaptionPacket(self._times[at], piece)

    def __eq__(self, other: object) -> bool:
        """Tell whether two tracks hold the same packets."""
        if not isinstance(other, CaptionTrack):
            return NotImplemented
        return (self._times, self._ends, self._triplets) == (
            other._times,
            other._ends,
            other._triplets,
        )

    def __hash__(self) -> int:
        """Return the hash of the packets."""
        return hash((self._times.tobytes(), self._triplets))

    @property
    def columns(self) -> "tuple[array[int], array[int], bytes]":
        """The times, the number of triplets up to the end of each packet, and all triplets, to be
        read in bulk.
        """
        return self._times, self._ends, self._triplets

    def place_of(self, microseconds: int) -> int:
        """Return the place of the first packet at this time or later; the length if there is
        none.
        """
        return bisect_left(self._times, microseconds)

    def between(self, begin: int, end: int) -> list[CaptionPacket]:
        """Return the packets from `begin` (with it) to `end` (without it), in microseconds."""
        return self[self.place_of(begin) : self.place_of(end)]

    def to_bytes(self) -> bytes:
        """Return the track's form on disk. The same packets give the same bytes."""
        counts = bytes(_differences(self._ends))
        head = _HEAD.pack(_MAGIC, _VERSION, len(self))
        return head + _little(self._times).tobytes() + counts + self._triplets

    @classmethod
    def from_bytes(cls, data: bytes) -> "CaptionTrack":
        """Read a track's form on disk. Raises CaptionError for anything that is not whole and
        right.
        """
        if len(data) < _HEAD.size or len(data) > MOST_BYTES:
            raise CaptionError("This is no caption track: its size is wrong.")
        magic, version, count = _HEAD.unpack_from(data)
        if magic != _MAGIC:
            raise CaptionError("This is no caption track.")
        if version != _VERSION:
            raise CaptionError(f"This caption track is of version {version}; update Gavel.")
        at = _HEAD.size + 8 * count
        if count > MOST_PACKETS or at + count > len(data):
            raise CaptionError("This caption track is cut off.")
        times = array("q", data[_HEAD.size : at])
        counts, triplets = data[at : at + count], data[at + count :]
        _check(_little(times), counts, triplets)
        track = cls()
        track._set(_little(times), counts)
        track._triplets = triplets
        return track


def _are_valid(triplets: bytes) -> bool:
    whole = len(triplets) % TRIPLET_BYTES == 0
    return whole and 0 < len(triplets) <= MOST_TRIPLETS * TRIPLET_BYTES and _are_marked(triplets)


def _are_marked(triplets: bytes) -> bool:
    return min(triplets[::TRIPLET_BYTES], default=FIELD_1) >= FIELD_1


def _check(times: "array[int]", counts: bytes, triplets: bytes) -> None:
    """Raise CaptionError unless the columns of a track agree and are in order."""
    if times and not (times[0] >= 0 and times[-1] <= LONGEST_MICROSECONDS):
        raise CaptionError("This caption track has captions at an impossible time.")
    if not all(map(lt, times, times[1:])):
        raise CaptionError("This caption track is not in the order of time.")
    if counts and not (min(counts) >= 1 and max(counts) <= MOST_TRIPLETS):
        raise CaptionError("This caption track has a picture without triplets, or with too many.")
    if sum(counts) * TRIPLET_BYTES != len(triplets) or not _are_marked(triplets):
        raise CaptionError("This caption track is damaged.")


def _differences(ends: "array[int]") -> list[int]:
    return [end - begin for begin, end in pairwise((0, *ends))]


def _little(times: "array[int]") -> "array[int]":
    """Return the column in little-endian order."""
    if sys.byteorder == "big":
        times = array("q", times)
        times.byteswap()
    return times
