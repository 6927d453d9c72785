"""The layout of a list of events: one row each, with when, what and where."""

from dataclasses import dataclass
from math import ceil

from media.slides.content import SMALLEST_TEXT, DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame, SlideBox
from media.typeset import TextBlock, font, set_text

SEPARATOR = "|"
MOST_EVENTS = 6
"""Rows of one slide; more would be too small to read."""
LARGEST = 0.066
PADDING = 0.018
"""Space above and below a row, as a share of the height."""


@dataclass(frozen=True)
class EventLine:
    """One event of the list: when, what and where, as they are drawn."""

    when: str
    what: str
    where: str = ""


def read_events(body: str) -> tuple[EventLine, ...]:
    """Read a list of events from text: one a line, `when | what` or `when | what | where`.

    A line without a separator is what, without when.
    """
    lines = [line for line in body.splitlines() if line.strip()]
    return tuple(_event([part.strip() for part in line.split(SEPARATOR)]) for line in lines)


def _event(parts: list[str]) -> EventLine:
    if len(parts) == 1:
        return EventLine("", parts[0])
    return EventLine(parts[0], parts[1], ", ".join(part for part in parts[2:] if part))


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw the heading and a row for each event, at most MOST_EVENTS."""
    frame = Frame(slide, look, size)
    events, box = read_events(slide.body), frame.box
    head = frame.heading(slide.heading, box.width, round(box.height * 0.3), 0.085)
    gap = round(frame.height * 0.045) if head.lines else 0
    top = box.top
    list_box = SlideBox(box.left, top + head.height + 2 * gap, box.right, box.bottom)
    rows = _rows(frame, events[:MOST_EVENTS], list_box)
    frame.note(head, *(block for row in rows for block in (row.when, row.what, row.where)))
    frame.cut = frame.cut or len(events) > len(rows)
    padding = round(frame.height * PADDING)
    used = sum(row.height + 2 * padding for row in rows)
    spare = max(0, list_box.height - used)
    more = min(round(frame.height * PADDING), spare // (3 * max(1, len(rows))))
    padding, spare = padding + more, spare - 2 * more * len(rows)
    used = sum(row.height + 2 * padding for row in rows)
    top += round(spare * 0.3)
    frame.bar(top, top + head.height + 2 * gap + used - padding)
    top = head.draw(frame.canvas, box.left, top, frame.palette.heading)
    if gap:
        frame.rule(box.left, top + gap * 3 // 4, round(frame.width * 0.12))
    top += 2 * gap - padding
    for number, row in enumerate(rows):
        if number:
            frame.line(box.left, box.right, top)
        row.draw(frame, box, top + padding)
        top += row.height + 2 * padding
    return frame.drawn()


@dataclass(frozen=True)
class EventRow:
    """One row, set: when, what, and where on the same line at the right, or below."""

    when: TextBlock
    what: TextBlock
    where: TextBlock
    indent: int
    """Pixels from the left of `when` to the left of `what`."""
    beside: bool

    @property
    def height(self) -> int:
        """Pixels from the top of its first line to the bottom of its last."""
        right = self.where.height
        told = max(self.what.height, right) if self.beside else self.what.height + right
        return max(self.when.height, told)

    def draw(self, frame: Frame, box: SlideBox, top: int) -> None:
        """Draw the row below `top`."""
        canvas, palette = frame.canvas, frame.palette
        self.when.draw(canvas, box.left, top, palette.accent)
        below = self.what.draw(canvas, box.left + self.indent, top, palette.heading)
        if self.beside:
            lower = self.what.leading - self.where.leading
            self.where.draw(canvas, box.right - self.where.width, top + lower // 2, palette.body)
        else:
            self.where.draw(canvas, box.left + self.indent, below, palette.body)


def _rows(frame: Frame, events: tuple[EventLine, ...], box: SlideBox) -> list[EventRow]:
    """Set all rows in the largest size in which they fit; at the smallest, as many as fit."""
    rows = list[EventRow]()
    for size in frame.sizes(LARGEST):
        for beside in (True, False):
            rows = [_row(frame, event, size, _widest(frame, events, size), box.width, beside=beside)
                    for event in events]  # fmt: skip
            one_line = all(_on_one_line(row, box.width) for row in rows)
            if (one_line or not beside) and _high(frame, rows) <= box.height:
                return rows
    while rows and _high(frame, rows) > box.height:
        rows.pop()
    return rows


def _high(frame: Frame, rows: list[EventRow]) -> int:
    return sum(row.height + 2 * round(frame.height * PADDING) for row in rows)


def _on_one_line(row: EventRow, width: int) -> bool:
    """Return whether when, what and where stand beside each other with air between them."""
    blocks = (row.when, row.what, row.where)
    used = row.indent + row.what.width + row.where.width
    return all(len(block.lines) <= 1 for block in blocks) and used + row.what.size <= width


def _widest(frame: Frame, events: tuple[EventLine, ...], size: int) -> int:
    """Return the width of the column of times: the longest, at most a third of the slide."""
    face = font(size, True, frame.look.face)
    widest = max((ceil(face.getlength(event.when)) for event in events), default=0)
    return min(widest, round(frame.box.width * 0.36))


def _row(
    frame: Frame, event: EventLine, size: int, when: int, width: int, *, beside: bool
) -> EventRow:
    face, indent = frame.look.face, when + size if when else 0
    small = max(round(frame.height * SMALLEST_TEXT), round(size * 0.74))
    return EventRow(
        when=set_text(event.when, max(1, when), size, bold=True, balance=False, face=face),
        what=set_text(event.what, width - indent, size, bold=True, balance=False, face=face),
        where=set_text(event.where, width - indent, small, bold=False, balance=False, face=face),
        indent=indent,
        beside=beside,
    )
