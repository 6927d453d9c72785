"""Forward error correction of a stream over RTP, after SMPTE 2022-1 (Pro-MPEG Code of Practice 3).

Packets are laid out in a matrix, row by row. The sum (exclusive or) of each column, and of each
row, is sent beside the stream. A receiver that lost one packet of a column or row adds up the rest
and has it back. Columns mend bursts as long as a row, rows mend single packets.

Worked example with 3 columns and 2 rows:

    0 1 2 │ row 0+1+2
    3 4 5 │ row 3+4+5
    ──────
    columns 0+3, 1+4, 2+5

The rows leave at once, the columns spread over the next matrix, so that they make no burst.
"""

import struct
from collections import deque
from dataclasses import dataclass, field

MEDIA_TYPE, FEC_TYPE = 33, 96
"""RTP payload types of a transport stream and of its correction."""
_RTP = struct.Struct(">BBHII")
_FEC = struct.Struct(">HHIIBBBB")
_EXTENDED = 0x80
_ROW = 0x40


def rtp_header(kind: int, number: int, stamp: int, source: int) -> bytes:
    """Return the header of an RTP packet (RFC 3550); number and stamp wrap."""
    return _RTP.pack(0x80, kind, number & 0xFFFF, stamp & 0xFFFFFFFF, source)


@dataclass
class _Sum:
    """The sum of some packets."""

    first: int = 0
    """Sequence number of the first of them."""
    count: int = 0
    stamps: int = 0
    sizes: int = 0
    types: int = 0
    payloads: int = 0
    longest: int = 0

    def add(self, number: int, stamp: int, payload: bytes) -> None:
        """Add a packet."""
        if not self.count:
            self.first = number
        self.count += 1
        self.stamps ^= stamp & 0xFFFFFFFF
        self.sizes ^= len(payload)
        self.types ^= MEDIA_TYPE
        self.longest = max(self.longest, len(payload))
        self.payloads ^= int.from_bytes(payload, "big")

    def packet(self, number: int, stamp: int, offset: int, *, is_row: bool) -> bytes:
        """Return the sum as an RTP packet."""
        head = _FEC.pack(
            self.first & 0xFFFF, self.sizes, (_EXTENDED | self.types) << 24, self.stamps,
            _ROW if is_row else 0, offset, self.count, 0,
        )  # fmt: skip
        rtp = rtp_header(FEC_TYPE, number, stamp, 0)
        return rtp + head + self.payloads.to_bytes(self.longest, "big")


@dataclass
class FecMatrix:
    """The corrections of one stream. All its packets have the same size."""

    columns: int
    rows: int
    _place: int = 0
    _row: _Sum = field(default_factory=_Sum)
    _column_sums: list[_Sum] = field(default_factory=list)
    _waiting: deque[_Sum] = field(default_factory=deque)
    _row_number: int = 0
    _column_number: int = 0

    def take(self, number: int, stamp: int, payload: bytes) -> tuple[bytes | None, bytes | None]:
        """Take the next packet of the stream; return the packets to send now on the way of columns
        and on that of rows.
        """
        if self._place == 0:
            self._column_sums = [_Sum() for _ in range(self.columns)]
        column = self._place % self.columns
        if column == 0:
            self._row = _Sum()
        self._row.add(number, stamp, payload)
        self._column_sums[column].add(number, stamp, payload)
        row = self._row_packet(stamp) if column == self.columns - 1 else None
        down = None
        if self._waiting and self._place % self.rows == 0:
            sums, self._column_number = self._waiting.popleft(), self._column_number + 1
            down = sums.packet(self._column_number, stamp, self.columns, is_row=False)
        self._place += 1
        if self._place == self.columns * self.rows:
            self._place = 0
            self._waiting.extend(self._column_sums)
        return down, row

    def _row_packet(self, stamp: int) -> bytes:
        self._row_number += 1
        return self._row.packet(self._row_number, stamp, 1, is_row=True)
