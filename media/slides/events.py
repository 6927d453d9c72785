"""The layout of a list of events: one row each, with when, what and where."""

from dataclasses import dataclass

from media.slides.content import SMALLEST_TEXT, DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame, SlideBox
from media.typeset import TextBlock, font, set_text

SEPARATOR = "|"
MOST_EVENTS = 6
"""Rows of one slide; more would be too small to read."""
LARGEST = 0.06


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
    frame.note(head, *(block for row in rows for block in row))
    frame.cut = frame.cut or len(events) > len(rows)
    padding = round(frame.height * 0.018)
    used = sum(_row_height(row) + 2 * padding for row in rows)
    spare = max(0, list_box.height - used)
    top += round(spare * 0.3)
    frame.bar(top, top + head.height + 2 * gap + used - padding)
    top = head.draw(frame.canvas, box.left, top, frame.palette.heading)
    if gap:
        frame.rule(box.left, top + gap * 3 // 4, round(frame.width * 0.12))
    top += 2 * gap - padding
    for number, row in enumerate(rows):
        if number:
            frame.line(box.left, box.right, top)
        top = _draw_row(frame, row, box, top + padding, _when_width(rows, frame)) + padding
    return frame.drawn()


Row = tuple[TextBlock, TextBlock, TextBlock]


def _rows(frame: Frame, events: tuple[EventLine, ...], box: SlideBox) -> list[Row]:
    """Set all rows in the largest size in which they fit; at the smallest, as many as fit."""
    padding, rows = round(frame.height * 0.018), list[Row]()
    for size in frame.sizes(LARGEST):
        when = _widest(frame, events, size)
        width = box.width - (when + size if when else 0)
        rows = [_row(frame, event, size, when, width) for event in events]
        if sum(_row_height(row) + 2 * padding for row in rows) <= box.height:
            return rows
    while rows and sum(_row_height(row) + 2 * padding for row in rows) > box.height:
        rows.pop()
    return rows


def _widest(frame: Frame, events: tuple[EventLine, ...], size: int) -> int:
    """Return the width of the column of times: the longest, at most a third of the slide."""
    face = font(size, True, frame.look.face)
    widest = max((round(face.getlength(event.when)) + 2 for event in events), default=0)
    return min(widest, round(frame.box.width * 0.36))


def _row(frame: Frame, event: EventLine, size: int, when: int, width: int) -> Row:
    face = frame.look.face
    small = max(round(frame.height * SMALLEST_TEXT), round(size * 0.74))
    return (
        set_text(event.when, max(1, when), size, bold=True, balance=False, face=face),
        set_text(event.what, width, size, bold=True, balance=False, face=face),
        set_text(event.where, width, small, bold=False, balance=False, face=face),
    )


def _row_height(row: Row) -> int:
    when, what, where = row
    return max(when.height, what.height + where.height)


def _when_width(rows: list[Row], frame: Frame) -> int:
    widest = max((row[0].width for row in rows), default=0)
    size = max((row[1].size for row in rows), default=0)
    return widest + size if widest else 0


def _draw_row(frame: Frame, row: Row, box: SlideBox, top: int, indent: int) -> int:
    when, what, where = row
    when.draw(frame.canvas, box.left, top, frame.palette.accent)
    below = what.draw(frame.canvas, box.left + indent, top, frame.palette.heading)
    where.draw(frame.canvas, box.left + indent, below, frame.palette.body)
    return top + _row_height(row)
