"""Captions in words turned into pairs of line 21 (pure): pop-on, loaded early to show on time.

A field carries one pair a picture at 29.97 a second, so a caption of two full rows takes a second
and a half to load. Worked example: a caption of 10 pairs is to show at picture 300. Its load begins
at 290, its "show" stands at 300 and again at 301 (commands are sent twice, side by side). It ends
at 345: "erase" stands at 345 and 346, even amid the load of the next caption, which it does not
touch.

**Captions that follow too closely** are never lost. A caption shows as soon as it is loaded: late,
for as long as it was meant to, or until the next one is loaded. Pauses make up for lateness.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from media.captions.codes import (
    COLUMNS,
    EXTENDED,
    TAB,
    Command,
    Pair,
    preamble,
    text_codes,
    with_parity,
    writable,
)
from media.captions.cue import CaptionCue, CaptionRow
from media.captions.track import FIELD_1, CaptionPacket, CaptionTrack

PAIR_RATE = Fraction(30000, 1001)
"""Pairs a second of one field."""
Unit = tuple[Pair, ...]
"""Pairs that stand side by side."""


def slot_at(microseconds: int) -> int:
    """Return the place of the pair nearest to a time."""
    return round(microseconds * PAIR_RATE / 1_000_000)


def time_of(slot: int) -> int:
    """Return the time of a pair in microseconds."""
    return round(slot * 1_000_000 / PAIR_RATE)


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
    return CaptionTrack(
        CaptionPacket(time_of(slot), triplet(pair)) for slot, pair in slots.pairs.items()
    )


class _Slots:
    """The slots of a field, filled caption by caption."""

    def __init__(self) -> None:
        self.pairs: dict[int, Pair] = {}
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
        for unit in units:
            self._erase_before(self._free)
            self._put(unit)
        self._erase_before(begin - 2)
        shown = self._free = max(self._free, begin)
        self._put(command_unit(Command.SHOW))
        self._erase = shown + max(2, slot_at(cue.end) - begin)

    def finish(self) -> None:
        """Erase the last caption at its end."""
        if self._erase is not None:
            self._erase_before(self._erase)

    def _erase_before(self, slot: int) -> None:
        """Erase what is shown if its time ends by `slot`."""
        if self._erase is not None and self._erase <= slot:
            self._free = max(self._free, self._erase)
            self._erase = None
            self._put(command_unit(Command.ERASE_SHOWN))

    def _put(self, unit: Unit) -> None:
        for pair in unit:
            self.pairs[self._free] = pair
            self._free += 1


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


def text_units(codes: Iterable[int | Pair], mode: Command) -> list[Unit]:
    """Return what writes characters where the cursor stands. Between two equal special characters
    stands `mode`, which is in force and so changes nothing, because libav takes the second
    character for a repetition of the first.
    """
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
