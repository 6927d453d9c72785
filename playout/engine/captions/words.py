"""The one rule of which captions say words: what viewers read, not what moves or erases it.

A live that only erases, or sends only data about the program (XDS: its title, its rating), brings
no captions. The characters of such data look like any others, so what began is remembered. Example,
all on field 2:

    pair         01 03   "Co"   "un"   0F 6A   14 25   "no"
    says words   no      no     no     no      no      yes
"""

from functools import lru_cache

from media.captions.track import FIELD_2, triplets_of
from playout.engine.captions.pairs import (
    XDS_END,
    begins_packet,
    is_control,
    is_null,
    is_pair,
    is_xds,
)

_FIRST_CHARACTER = 0x20


class WordEar:
    """The ear for words in the captions of one way, triplet by triplet, in order."""

    def __init__(self) -> None:
        self._in_xds = False
        """Field 2 carries data about the program."""

    def hears(self, triplet: bytes) -> bool:
        """Tell whether this triplet has characters of line 21, or begins a packet of 708."""
        if not is_pair(triplet):
            return begins_packet(triplet)
        pair = (triplet[1], triplet[2])
        if triplet[0] == FIELD_2:
            if is_xds(pair):
                self._in_xds = pair[0] & 0x7F != XDS_END
            elif is_control(pair):
                self._in_xds = False
            if self._in_xds:
                return False
        return pair[0] & 0x7F >= _FIRST_CHARACTER

    def count(self, captions: bytes) -> int:
        """Return how many triplets of these say words."""
        return 0 if _say_nothing(captions) else sum(map(self.hears, triplets_of(captions)))


@lru_cache(maxsize=8)
def _say_nothing(captions: bytes) -> bool:
    """Tell whether these are null pairs and padding alone, as in each picture without captions: no
    words, and nothing to remember.
    """
    return all(
        is_null((one[1], one[2])) if is_pair(one) else not begins_packet(one)
        for one in triplets_of(captions)
    )
