"""The windows of one service of 708: what they hold, which are shown, and the captions that were
shown.
"""

from media.captions.codes import COLUMNS, ROWS
from media.captions.cue import CaptionCue, CaptionRow

WINDOWS = 8
_BLANK = "\0"
_ANCHOR_STEPS = 75, 100
"""Vertical places of a window: of its own grid, and in percent."""


class _Window:
    """A window: its rows, its pen, its place, and whether it is shown."""

    def __init__(self) -> None:
        self.rows: dict[int, list[str]] = {}
        self.row = self.column = 0
        self.height, self.top = 1, ROWS - 1
        self.shown = self.rolls = False

    def define(self, form: bytes) -> None:
        """Set its place and size from the six bytes of a definition; its text stays."""
        self.shown = bool(form[0] & 0x20)
        self.height = (form[3] & 0x0F) + 1
        place = (form[1] & 0x7F) / _ANCHOR_STEPS[form[1] >> 7]
        above = (form[3] >> 4) // 3 / 2 * self.height
        self.top = max(1, min(ROWS - self.height + 1, round(place * ROWS - above) + 1))

    def put(self, character: str) -> None:
        """Write a character at the pen."""
        row = self.rows.setdefault(self.row, [])
        row += [_BLANK] * (self.column + 1 - len(row))
        row[self.column] = character
        self.column = min(63, self.column + 1)

    def clear(self) -> None:
        """Erase its text, and bring the pen back."""
        self.rows, self.row, self.column = {}, 0, 0

    def new_line(self) -> None:
        """Go to the next row; at the last one, roll up."""
        self.column, self.rolls = 0, True
        if self.row < self.height - 1:
            self.row += 1
        else:
            self.rows = {row - 1: text for row, text in self.rows.items() if row}

    def read(self) -> list[CaptionRow]:
        """Return its rows with text; of a window that rolls, only the one being written."""
        read = []
        for row in [self.row] if self.rolls else sorted(self.rows):
            text = "".join(self.rows.get(row, [])).replace(_BLANK, " ")
            if text.strip():
                column = min(COLUMNS - 1, len(text) - len(text.lstrip()))
                read.append(CaptionRow(max(1, min(ROWS, self.top + row)), column, text.strip()))
        return read


class ServiceScreen:
    """A service as a receiver would show it. `cues` are the captions it has shown."""

    def __init__(self) -> None:
        self.cues: list[CaptionCue] = []
        self._windows: dict[int, _Window] = {}
        self._current = 0
        self._begin: int | None = None
        """Time from which what is shown has been shown."""

    def choose(self, number: int) -> None:
        """Let what follows be about this window."""
        self._current = number

    def define(self, now: int, number: int, form: bytes) -> None:
        """Make a window, or give one another place."""
        self._close(now)
        self._windows.setdefault(number, _Window()).define(form)
        self._current = number
        self._open(now)

    def change(self, now: int, what: str, numbers: int) -> None:
        """Clear, show, hide, toggle or delete the windows of these bits."""
        self._close(now)
        for number in [n for n in self._windows if numbers >> n & 1]:
            window = self._windows[number]
            if what == "delete":
                del self._windows[number]
            elif what == "clear":
                window.clear()
            else:
                window.shown = {"show": True, "hide": False}.get(what, not window.shown)
        self._open(now)

    def write(self, now: int, character: str) -> None:
        """Write a character into the current window."""
        window = self._windows.get(self._current)
        if window is not None:
            window.put(character)
            if window.shown and self._begin is None:
                self._begin = now

    def new_line(self, now: int) -> None:
        """Go to the next row. What a shown window held is a caption."""
        window = self._windows.get(self._current)
        if window is not None and window.shown:
            self._close(now)
        if window is not None:
            rolls = window.rolls or window.shown
            window.new_line()
            window.rolls = rolls

    def clear_current(self, now: int) -> None:
        """Erase the text of the current window."""
        self.change(now, "clear", 1 << self._current)

    def erase_row(self) -> None:
        """Erase the row of the pen."""
        window = self._windows.get(self._current)
        if window is not None:
            window.rows.pop(window.row, None)
            window.column = 0

    def backspace(self) -> None:
        """Erase the character before the pen."""
        window = self._windows.get(self._current)
        if window is not None and window.column:
            window.column -= 1
            window.rows[window.row] = window.rows.get(window.row, [])[: window.column]

    def move_pen(self, row: int, column: int) -> None:
        """Let the next character go to this row and column of the current window."""
        window = self._windows.get(self._current)
        if window is not None:
            window.row, window.column = row, column

    def finish(self, now: int) -> None:
        """Take what is still shown as ending now."""
        self._close(now)

    def _close(self, now: int) -> None:
        """Keep what has been shown until now as a caption."""
        begin, self._begin = self._begin, None
        rows = self._read()
        if begin is not None and now > begin and rows:
            self.cues.append(CaptionCue(begin, now, rows))
        elif begin is not None and now == begin:
            self._begin = begin

    def _open(self, now: int) -> None:
        """Let what is shown now be a caption that begins."""
        rolls = any(window.shown and window.rolls for window in self._windows.values())
        if self._read() and not rolls and self._begin is None:
            self._begin = now

    def _read(self) -> tuple[CaptionRow, ...]:
        shown = (window for window in self._windows.values() if window.shown)
        rows = [row for window in shown for row in window.read()]
        return tuple(sorted(rows, key=lambda row: row.row))
