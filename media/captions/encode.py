"""Captions in words turned into pairs of line 21 (pure): pop-on, loaded early to show on time.

A field carries one pair a picture at 29.97 a second, so a caption of two full rows takes a second
and a half to load. Worked example: a caption of 10 pairs is to show at picture 300. Its load begins
at 290, its "show" stands at 300 and again at 301 (commands are sent twice, side by side). It ends
at 345: "erase" stands at 345 and 346, even amid the load of the next caption, which it does not
touch.

**Captions that follow too closely** are never lost. A caption shows as soon as it is loaded: late,
for as long as it was meant to, or until the next one is loaded. Pauses make up for lateness.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, chain, zip_longest
from operator import itemgetter
from typing import cast

from media.captions.codes import (
    COLUMNS,
    EXTENDED,
    PARITY,
    TAB,
    Command,
    Pair,
    preamble,
    text_codes,
    with_parity,
    writable,
)
from media.captions.cue import CaptionCue, CaptionRow
from media.captions.track import FIELD_1, CaptionTrack

PAIR_RATE = Fraction(30000, 1001)
"""Pairs a second of one field."""
Unit = tuple[Pair, ...]
"""Pairs that stand side by side."""


def slot_at(microseconds: int) -> int:
    """Return the place of the pair nearest to a time; of two the even one."""
    slot, past = divmod(microseconds * 3, 100_100)
    return slot + (past > 50_050 or (past == 50_050 and slot % 2 == 1))


def time_of(slot: int) -> int:
    """Return the time of a pair in microseconds, to the nearest."""
    # A slot lasts 100,100 / 3 microseconds: in whole numbers this is ten times as quick, and a
    # meeting has a hundred thousand slots.
    return (slot * 200_200 + 3) // 6


def triplet(pair: Pair, field: int = FIELD_1) -> bytes:
    """Return a pair as a valid triplet of `cc_data`, with parity."""
    return bytes((field, with_parity(pair[0]), with_parity(pair[1])))


def encode(cues: Iterable[CaptionCue]) -> CaptionTrack:
    """Return the track that shows these captions in channel CC1.

    Their text is `writable`; what is not is written as a question mark.
    """
    slots = _Slots()
    for cue in sorted(cues, key=lambda one: one.begin):
        slots.add(cue)
    slots.finish()
    return slots.track()


class _Slots:
    """The slots of a field, filled caption by caption, each later than the one before."""

    def __init__(self) -> None:
        self._filled: list[int] = []
        self._pairs: list[Pair] = []
        self._free = 0
        self._erase: int | None = None
        """Slot at which what is shown must be erased."""

    def add(self, cue: CaptionCue) -> None:
        """Load a caption so that it shows on its slot, or as soon after as it can."""
        units = _load(cue.rows)
        begin = slot_at(cue.begin)
        needed = sum(map(len, units))
        if self._erase is not None and begin - needed - 2 < self._erase <= begin - 2:
            needed += 2
        self._erase_before(begin - needed)
        self._free = max(self._free, begin - needed)
        self._put_around_erase(units)
        self._erase_before(begin - 2)
        shown = self._free = max(self._free, begin)
        self._put(command_unit(Command.SHOW))
        self._erase = shown + max(2, slot_at(cue.end) - begin)

    def finish(self) -> None:
        """Erase the last caption at its end."""
        if self._erase is not None:
            self._erase_before(self._erase)

    def track(self) -> CaptionTrack:
        """Return what the slots hold."""
        triplets = bytearray((FIELD_1, 0, 0)) * len(self._pairs)
        triplets[1::3] = bytes(map(itemgetter(0), self._pairs)).translate(PARITY)
        triplets[2::3] = bytes(map(itemgetter(1), self._pairs)).translate(PARITY)
        return CaptionTrack.of_pairs(map(time_of, self._filled), bytes(triplets))

    def _erase_before(self, slot: int) -> None:
        """Erase what is shown if its time ends by `slot`."""
        if self._erase is not None and self._erase <= slot:
            self._free = max(self._free, self._erase)
            self._erase = None
            self._put(command_unit(Command.ERASE_SHOWN))

    def _put_around_erase(self, units: Sequence[Unit]) -> None:
        """Put units, and the erasure that is due meanwhile before the first that is not earlier."""
        begins = list(accumulate(map(len, units), initial=self._free))
        earlier = len(units) if self._erase is None else bisect_left(begins, self._erase)
        self._put(tuple(chain.from_iterable(units[:earlier])))
        if earlier < len(units):
            self._erase_before(self._free)
            self._put(tuple(chain.from_iterable(units[earlier:])))

    def _put(self, unit: Unit) -> None:
        end = self._free + len(unit)
        self._filled.extend(range(self._free, end))
        self._pairs.extend(unit)
        self._free = end


def command_unit(command: Command) -> Unit:
    """Return a command as it is sent: twice."""
    return twice((0x14, command))


def twice(pair: Pair) -> Unit:
    """Return a control code as it is sent: two of it, side by side."""
    return pair, pair


def _load(rows: Sequence[CaptionRow]) -> list[Unit]:
    """Return what writes a caption to the hidden memory."""
    units = [command_unit(Command.LOAD), command_unit(Command.ERASE_HIDDEN)]
    for row in rows:
        units += _row(row)
    return units


def _row(row: CaptionRow) -> list[Unit]:
    """Return what writes a row."""
    units = [twice(preamble(row.row, row.column // 4 * 4))]
    if row.column % 4:
        units.append(twice((TAB, 0x20 + row.column % 4)))
    return [*units, *text_units(_row_codes(row), Command.LOAD)]


def text_units(codes: Sequence[int | Pair], mode: Command) -> list[Unit]:
    """Return what writes characters where the cursor stands. Between two equal special characters
    stands `mode`, which is in force and so changes nothing, because libav takes the second
    character for a repetition of the first.
    """
    if set(map(type, codes)) == {int}:
        pairs = zip_longest(codes[::2], codes[1::2], fillvalue=0)
        return [(cast(Pair, pair),) for pair in pairs]
    units: list[Unit] = []
    waiting: list[int] = []
    last: int | Pair | None = None
    for code in codes:
        if isinstance(code, int):
            waiting.append(code)
        if len(waiting) == 2 or (waiting and not isinstance(code, int)):
            units.append((_filled(waiting),))
            waiting = []
        if not isinstance(code, int):
            if code == last:
                units.append(command_unit(mode))
            units.append(twice(code))
        last = code
    if waiting:
        units.append((_filled(waiting),))
    return units


def _row_codes(row: CaptionRow) -> list[int | Pair]:
    """Return the codes of a row. In the last column an extended character stays the basic one that
    stands for it: the cursor cannot leave that column, and the wrong character would be replaced.
    """
    text = writable(row.text)[0]
    codes = text_codes(text)
    is_full = row.column + len(text) >= COLUMNS
    if is_full and codes and not isinstance(codes[-1], int) and codes[-1][0] in EXTENDED:
        codes.pop()
    return codes


def _filled(codes: Sequence[int]) -> Pair:
    return codes[0], codes[1] if len(codes) > 1 else 0
