"""Captions in coded pictures, as ATSC A/53 part 4 lays them down: a message of supplemental
information in H.264, user data of a picture in MPEG-2.

Every picture carries as many triplets as its rate has room for, padding included, because decoders
and headends count on them: 20 at 29.97, 10 at 59.94. A pair that says nothing stands for the field
whose turn it is.
"""

from fractions import Fraction
from functools import lru_cache

from media.captions.codes import CHANNEL_2
from media.captions.track import FIELD_1, FIELD_2, TRIPLET_BYTES, triplets_of
from playout.engine.captions.gate import FieldGate
from playout.engine.captions.pairs import (
    FIELDS,
    FieldTurns,
    is_pair,
    triplets_a_picture,
)
from playout.engine.captions.queue import CaptionQueue, clearing
from playout.engine.captions.services import PrimaryService
from playout.engine.captions.words import WordEar
from playout.engine.links.fed import FedFrame

LINE_21_ALONE = 5
"""Seconds of pictures for which line 21 may have words without 708, until that is gone."""
MOST_WAITING = 120
"""Frames whose captions wait for their picture: two seconds at 59.94; no encoder holds more."""
SAME_FRAME = 2_000
"""Microseconds by which the stamps of a frame and of its picture may differ."""
_PADDING = b"\xfa\x00\x00"
_NULL = b"\x80\x80"
_START = b"\x00\x00\x01"
_GA94 = b"GA94\x03"
_FLAGS = 0xC0
"""A reserved bit that is set, and the one that says that the data is to be processed."""
_SEI_NAL = b"\x06"
_T35_PAYLOAD, _ATSC = 4, b"\xb5\x00\x31"
_STOP_BIT = 0x80
_LOOKED_AT = 1024
"""Bytes of a picture in which its captions begin: parameters and messages come before them."""
_PICTURE_CODES = range(0x01, 0xB0)
"""Start codes of slices in MPEG-2."""


def cc_data(triplets: bytes, picture: int, rate: Fraction) -> bytes:
    """Return the triplets of a picture with all that its rate has room for: `picture` counts
    pictures, and decides which field's turn it is.
    """
    pairs = [one for one in triplets_of(triplets) if is_pair(one)]
    others = [one for one in triplets_of(triplets) if not is_pair(one)]
    said = {one[0] for one in pairs}
    turns = [FIELDS[picture % 2]] if FieldTurns(rate).most == 1 else [FIELD_1, FIELD_2]
    if not said or len(turns) > 1:
        pairs += [bytes((field,)) + _NULL for field in turns if field not in said]
        pairs.sort(key=lambda one: one[0])
    count = triplets_a_picture(rate)
    whole = b"".join([*pairs, *others])[: count * TRIPLET_BYTES]
    return whole + _PADDING * (count - len(whole) // TRIPLET_BYTES)


def user_data(cc: bytes) -> bytes:
    """Return the bytes that both codings carry."""
    return _GA94 + bytes((_FLAGS | len(cc) // TRIPLET_BYTES, 0xFF)) + cc + b"\xff"


@lru_cache(maxsize=8)
def h264_message(cc: bytes) -> bytes:
    """Return a unit of H.264 with the captions."""
    payload = _ATSC + user_data(cc)
    size = len(payload)
    body = bytes((_T35_PAYLOAD,)) + b"\xff" * (size // 255) + bytes((size % 255,)) + payload
    return b"\x00" + _START + _SEI_NAL + _escaped(body + bytes((_STOP_BIT,)))


def _escaped(body: bytes) -> bytes:
    """Return a body in which nothing looks like a start code: a 3 after each two zero bytes that a
    byte below 4 follows.
    """
    out, zeros = bytearray(), 0
    for byte in body:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def with_captions(unit: bytes, cc: bytes) -> bytes:
    """Return a coded picture of H.264 or MPEG-2 with its captions. One without a slice is returned
    as it is.
    """
    is_mpeg2 = _is_mpeg2(unit)
    at = unit.find(_START)
    while at >= 0 and at + 3 < len(unit):
        kind = unit[at + 3]
        if kind in _PICTURE_CODES if is_mpeg2 else 1 <= kind & 0x1F <= 5:
            break
        at = unit.find(_START, at + 3)
    else:
        return unit
    if at and unit[at - 1] == 0:
        at -= 1
    message = _START + b"\xb2" + user_data(cc) if is_mpeg2 else h264_message(cc)
    return unit[:at] + message + unit[at:]


def words_in(unit: bytes, ear: WordEar) -> int:
    """Return how many words a coded picture has, read again as a receiver would. `ear` hears every
    picture of the stream in order.
    """
    at = unit.find(_GA94, 0, _LOOKED_AT)
    if at < 0:
        return 0
    body = unit[at : at + _LOOKED_AT]
    body = body if _is_mpeg2(unit) else body.replace(b"\x00\x00\x03", b"\x00\x00")
    count = body[len(_GA94)] & 0x1F if len(body) > len(_GA94) else 0
    start = len(_GA94) + 2
    return ear.count(body[start : start + count * TRIPLET_BYTES])


def _is_mpeg2(unit: bytes) -> bool:
    """Tell whether a picture begins with a sequence, group or picture of MPEG-2."""
    at = unit.find(_START)
    return at >= 0 and at + 3 < len(unit) and unit[at + 3] in (0xB3, 0xB8, 0x00)


class CaptionInserter:
    """Puts the captions of fed frames into their coded pictures, which come in the same order: our
    encoders make no pictures that refer to later ones. What a picture that never came should have
    carried goes into the pictures after it.

    Where captions were lost, with an encoder or a relay that died, the screen is cleared, and the
    next caption begins: no half of one is shown, and none stays for want of its end.
    """

    def __init__(self, rate: Fraction) -> None:
        self._rate = rate
        self._nothing = tuple(cc_data(b"", picture, rate) for picture in range(len(FIELDS)))
        """What a picture without captions carries, by the field whose turn it is."""
        self._queue = CaptionQueue(rate)
        self._waiting: list[FedFrame] = []
        self._run = 0
        self._pictures = 0
        self._gates = {field: FieldGate(field) for field in FIELDS}
        self.primary = PrimaryService(round(LINE_21_ALONE * rate))
        self._begin()

    def take(self, frame: FedFrame) -> None:
        """Take the captions of a frame, as fed."""
        if frame.run != self._run:
            self._run, self._waiting = frame.run, []
            self._begin()
        if frame.triplets:
            self._waiting = [*self._waiting[-MOST_WAITING:], frame]

    def _begin(self) -> None:
        """Clear the screen, and let nothing pass before the beginning of a caption."""
        self._queue.clear()
        for field, gate in self._gates.items():
            pairs = clearing(field, (0, CHANNEL_2))
            self._queue.put(b"".join(bytes((field, *pair)) for pair in pairs), self._pictures)
            gate.close()

    def _passed(self, captions: bytes) -> bytes:
        passed = []
        for one in triplets_of(captions):
            if is_pair(one):
                pairs = self._gates[one[0]].passes((one[1], one[2]))
                passed += [bytes((one[0], *pair)) for pair in pairs]
            else:
                passed.append(one)
        return b"".join(passed)

    def insert(self, microseconds: int, unit: bytes) -> bytes:
        """Return the coded picture of the frame fed at `microseconds` with its captions."""
        self._pictures += 1
        captions = self._due(microseconds + SAME_FRAME)
        if not captions:
            return with_captions(unit, self._nothing[self._pictures % len(FIELDS)])
        self.primary.hear(self._pictures, captions)
        return with_captions(unit, cc_data(captions, self._pictures, self._rate))

    def _due(self, until: int) -> bytes:
        """Return the captions for this picture, of frames fed until then."""
        due = [frame for frame in self._waiting if frame.microseconds <= until]
        self._waiting = self._waiting[len(due) :]
        if len(due) == 1 and not self._queue.waiting:
            captions = self._passed(due[0].triplets)
            self._pictures = _in_turn(captions, self._pictures)
        else:
            for number, frame in enumerate(due):
                self._queue.put(self._passed(frame.triplets), self._pictures + number)
            captions = self._queue.take(self._pictures)
        return captions


def _in_turn(captions: bytes, picture: int) -> int:
    """Return the number of this picture, counted so that it is its field's turn."""
    fields = [one[0] for one in triplets_of(captions) if is_pair(one)]
    return picture if not fields or FIELDS[picture % 2] == fields[0] else picture + 1
