"""The screen of one caption channel of line 21: what is shown, what is hidden, and the captions
that were shown.
"""

from enum import Enum

from media.captions.codes import (
    COLUMNS,
    COMMANDS,
    MID_ROW,
    MISCELLANEOUS,
    ROWS,
    TAB,
    Command,
    basic,
    extended,
    preamble_place,
    special,
)
from media.captions.cue import CaptionCue, CaptionRow

_ROLLS = {Command.ROLL_2: 2, Command.ROLL_3: 3, Command.ROLL_4: 4}
_EMPTY = "\0"


class _Mode(Enum):
    POP_ON = "pop-on"
    ROLL_UP = "roll-up"
    PAINT_ON = "paint-on"
    TEXT = "text"
    """The text service, or nothing said yet: characters are not captions."""


class _Memory:
    """Fifteen rows of 32 characters; an unwritten place is transparent."""

    def __init__(self) -> None:
        self.rows: dict[int, list[str]] = {}

    def put(self, row: int, column: int, character: str) -> None:
        """Write a character."""
        self.cells(row)[column] = character

    def cells(self, row: int) -> list[str]:
        """Return the characters of a row, to be written to."""
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = [_EMPTY] * COLUMNS
        return cells

    def erase_from(self, row: int, column: int) -> None:
        """Erase a row from a column on."""
        if row in self.rows:
            self.rows[row][column:] = [_EMPTY] * (COLUMNS - column)

    def roll(self, base: int, depth: int) -> None:
        """Move the rows that end at `base` up by one; the highest of them goes."""
        kept = range(base - depth + 2, base + 1)
        self.rows = {row - 1: self.rows[row] for row in kept if row in self.rows and row > 1}

    def move_base(self, base: int, to: int, depth: int) -> None:
        """Move the rows that end at `base` so that they end at `to`."""
        kept = range(base - depth + 1, base + 1)
        moved = {row + to - base: self.rows[row] for row in kept if row in self.rows}
        self.rows = {row: cells for row, cells in moved.items() if 1 <= row <= ROWS}

    def read(self, only: int | None = None) -> tuple[CaptionRow, ...]:
        """Return the rows with text, or one of them."""
        read = []
        for row in sorted(self.rows) if only is None else [only]:
            cells = "".join(self.rows.get(row, [])).replace(_EMPTY, " ").replace("\u00a0", " ")
            if text := cells.strip():
                read.append(CaptionRow(row, len(cells) - len(cells.lstrip()), text))
        return tuple(read)


class Screen:
    """A caption channel as a receiver would show it. `cues` are the captions it has shown."""

    def __init__(self) -> None:
        self.cues: list[CaptionCue] = []
        self._shown, self._hidden = _Memory(), _Memory()
        self._mode = _Mode.TEXT
        self._row, self._column, self._depth = ROWS, 0, 2
        self._begin: int | None = None
        """Time from which what is shown has been shown."""

    @property
    def rows(self) -> tuple[CaptionRow, ...]:
        """The rows that are shown now."""
        return self._shown.read()

    def obey(self, now: int, first: int, second: int) -> None:
        """Obey a command of channel 1."""
        if first in MISCELLANEOUS and second in COMMANDS:
            self._miscellaneous(now, Command(second))
        elif (place := preamble_place(first, second)) is not None:
            self._preamble(*place)
        elif (character := special(first, second)) is not None:
            self._put(now, character)
        elif (character := extended(first, second)) is not None:
            self._column = max(0, self._column - 1)
            self._put(now, character)
        elif first == TAB and 0x21 <= second <= 0x23:
            self._column = min(COLUMNS - 1, self._column + second - 0x20)
        elif first == MID_ROW and second < 0x30:
            self._put(now, " ")

    def write(self, now: int, byte: int) -> None:
        """Write a basic character."""
        self._put(now, basic(byte))

    def write_all(self, now: int, text: str) -> None:
        """Write basic characters, of which the first comes now. One at a least."""
        fits = self._column + len(text) < COLUMNS
        self._put(now, text[0])
        if self._mode is _Mode.TEXT:
            return
        if fits:
            end = self._column + len(text) - 1
            self._memory.cells(self._row)[self._column : end] = text[1:]
            self._column = end
        else:
            for character in text[1:]:
                self._put(now, character)

    def finish(self, now: int) -> None:
        """Take what is still shown as ending now."""
        self._close(now)

    def cut(self, now: int) -> list[CaptionCue]:
        """Return the captions shown until now, and forget them. What is still shown goes on as a
        caption that begins now.
        """
        goes_on = self._begin is not None
        self._close(now)
        self._begin = now if goes_on else None
        cues, self.cues = self.cues, []
        return cues

    def _miscellaneous(self, now: int, command: Command) -> None:
        if command in _ROLLS:
            self._roll_up(now, _ROLLS[command])
        elif command is Command.NEW_LINE:
            self._new_line(now)
        elif command is Command.BACKSPACE:
            self._column = max(0, self._column - 1)
            self._memory.erase_from(self._row, self._column)
        elif command is Command.ERASE_TO_END:
            self._memory.erase_from(self._row, self._column)
        elif command is Command.ERASE_SHOWN:
            self._close(now)
            self._shown = _Memory()
        elif command is Command.ERASE_HIDDEN:
            self._hidden = _Memory()
        else:
            self._change_mode(now, command)

    def _change_mode(self, now: int, command: Command) -> None:
        if command is Command.SHOW:
            self._close(now)
            self._shown, self._hidden = self._hidden, self._shown
            self._begin, self._mode = now, _Mode.POP_ON
        elif command is Command.LOAD:
            self._mode = _Mode.POP_ON
        elif command is Command.PAINT:
            if self._begin is not None:
                self._close(now)
                self._begin = now
            self._mode = _Mode.PAINT_ON
        else:
            self._mode = _Mode.TEXT

    def _roll_up(self, now: int, depth: int) -> None:
        if self._mode is not _Mode.ROLL_UP:
            self._close(now)
            self._shown, self._hidden = _Memory(), _Memory()
            self._row, self._column = ROWS, 0
        self._mode, self._depth = _Mode.ROLL_UP, depth

    def _new_line(self, now: int) -> None:
        if self._mode is _Mode.ROLL_UP:
            self._close(now)
            self._shown.roll(self._row, self._depth)
            self._column = 0

    def _preamble(self, row: int, indent: int) -> None:
        if self._mode is _Mode.ROLL_UP and row != self._row:
            row = max(row, self._depth)
            self._shown.move_base(self._row, row, self._depth)
        self._row, self._column = row, indent

    @property
    def _memory(self) -> _Memory:
        return self._hidden if self._mode is _Mode.POP_ON else self._shown

    def _put(self, now: int, character: str) -> None:
        if self._mode is _Mode.TEXT:
            return
        self._memory.put(self._row, self._column, character)
        self._column = min(COLUMNS - 1, self._column + 1)
        if self._begin is None and self._mode is not _Mode.POP_ON:
            self._begin = now

    def _close(self, now: int) -> None:
        """Keep what has been shown until now as a caption."""
        begin, self._begin = self._begin, None
        rows = self._shown.read(self._row if self._mode is _Mode.ROLL_UP else None)
        if begin is not None and now > begin and rows:
            self.cues.append(CaptionCue(begin, now, rows))
