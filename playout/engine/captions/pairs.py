"""Pairs of line 21 (608): what they mean as far as air must know, and which tick may send one.

Line 21 carries one pair in each of 59.94 fields a second. A picture at 29.97 has two fields, one at
59.94 has one, so there the fields take turns. At 25 a second a picture has two or three:

    tick             0        1        2           3        4        5
    pairs at 29.97   1 2      1 2      1 2         1 2      1 2      1 2
    pairs at 59.94   1        2        1           2        1        2
    pairs at 25      1 2 1    2 1      2 1 2       1 2      1 2      1 2 1
"""

from fractions import Fraction

from media.captions.codes import CHANNEL_2, Command, Pair, with_parity
from media.captions.track import DTVCC_START, FIELD_1, FIELD_2, TRIPLET_BYTES, triplets_of
from playout.engine.links.ring_shape import MOST_CAPTION_BYTES

FIELDS = (FIELD_1, FIELD_2)
BEGINNINGS = frozenset(
    {
        Command.LOAD, Command.ROLL_2, Command.ROLL_3, Command.ROLL_4, Command.PAINT,
        Command.TEXT, Command.RESUME_TEXT,
    }
)  # fmt: skip
"""Commands that begin a way to show captions: pop-on, roll-up, paint-on, text."""
XDS_END = 0x0F
_VALID = 4
_FIELDS_A_SECOND = Fraction(60000, 1001)
_TRIPLETS_A_SECOND = 600
"""Triplets of caption data a second, as CEA-708 shares them out among pictures."""


def valid_triplets(cc_data: bytes) -> bytes:
    """Return the triplets of a picture that count, with their marker bits set: pairs that say
    nothing too, because they part one command from the next.
    """
    return b"".join(
        bytes((one[0] | 0xF8,)) + one[1:] for one in triplets_of(cc_data) if one[0] & _VALID
    )


def is_null(pair: Pair) -> bool:
    """Tell whether a pair says nothing."""
    return not (pair[0] | pair[1]) & 0x7F


def is_control(pair: Pair) -> bool:
    """Tell whether a pair is a control code, which encoders send twice."""
    return 0x10 <= pair[0] & 0x7F <= 0x1F


def command_of(pair: Pair) -> int | None:
    """Return the command of a pair, as `Command` numbers them; None for any other pair."""
    first, second = pair[0] & 0x7F, pair[1] & 0x7F
    is_command = first & ~CHANNEL_2 in (0x14, 0x15) and 0x20 <= second <= 0x2F
    return second if is_command else None


def is_xds(pair: Pair) -> bool:
    """Tell whether a pair begins or ends data about the program, which field 2 carries."""
    return 0 < pair[0] & 0x7F <= XDS_END


def command(field: int, channel: int, code: int) -> Pair:
    """Return the pair of a command for a field's channel: 0 for its first, CHANNEL_2 for its
    second.
    """
    first = 0x14 if field == FIELD_1 else 0x15
    return with_parity(first | channel), with_parity(code)


def pairs_a_second(rate: Fraction) -> Fraction:
    """Return how many pairs of both fields together a stream of `rate` pictures a second has."""
    return Fraction(60) if rate in (30, 60) else _FIELDS_A_SECOND


class FieldTurns:
    """The fields that may send a pair on each tick of a house rate."""

    def __init__(self, rate: Fraction) -> None:
        self._share = pairs_a_second(rate) / rate
        self.most = -(-self._share.numerator // self._share.denominator)
        """Most pairs of one tick."""
        self.apart = max(1, -(-2 * self._share.denominator // self._share.numerator))
        """Ticks from one pair of a field to its next at most, where it sends all it may."""

    def first(self, tick: int) -> int:
        """Return how many turns all ticks before `tick` have; turn k is one of field k mod 2."""
        return -(-tick * self._share.numerator // self._share.denominator)

    def of(self, tick: int) -> list[int]:
        """Return the fields that may send a pair on `tick`, in order."""
        return [FIELDS[turn % 2] for turn in range(self.first(tick), self.first(tick + 1))]


def triplets_a_picture(rate: Fraction) -> int:
    """Return how many triplets each picture of a stream has, padding included."""
    return min(31, round(_TRIPLETS_A_SECOND / rate))


def dtvcc_room(rate: Fraction) -> int:
    """Return how many triplets of 708 a tick may carry beside its pairs."""
    most = min(triplets_a_picture(rate), MOST_CAPTION_BYTES // TRIPLET_BYTES)
    return max(1, most - FieldTurns(rate).most)


def is_pair(triplet: bytes) -> bool:
    """Tell whether a triplet is a pair of line 21, not data of 708."""
    return triplet[0] in FIELDS


def begins_packet(triplet: bytes) -> bool:
    """Tell whether a triplet begins a packet of 708."""
    return triplet[0] == DTVCC_START
