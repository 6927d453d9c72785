"""The rows of a list of events on a bulletin, and the text in which they are stored.

A row is one line of `date | what | where | time`. The drawing shows where and time beside each
other, so a line with three parts, as staff once typed them, reads as it always did.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.domain.model.text import one_line

SEPARATOR = "|"
INSTEAD = "/"
"""Written for a bar inside a field, which would part it."""


@dataclass(frozen=True)
class SlideEvent:
    """One event, as staff typed it."""

    date: str = ""
    time: str = ""
    what: str = ""
    where: str = ""

    @property
    def is_empty(self) -> bool:
        """True where nothing is typed."""
        return not (self.date or self.time or self.what or self.where)


def events_of(body: str) -> tuple[SlideEvent, ...]:
    """Return the events of a bulletin's text, one for each line that is not empty.

    A line without a bar is what, without a date.
    """
    return tuple(_event(line) for line in body.splitlines() if line.strip())


def _event(line: str) -> SlideEvent:
    parts = [part.strip() for part in line.split(SEPARATOR)]
    if len(parts) == 1:
        return SlideEvent(what=parts[0])
    date, what, *rest = parts
    where, time = [*rest, "", ""][:2]
    return SlideEvent(date, ", ".join(filter(None, (time, *rest[2:]))), what, where)


def body_of(events: Iterable[SlideEvent]) -> str:
    """Return the text of these events, without the empty ones and without needless bars."""
    return "\n".join(_line(one) for one in events if not one.is_empty)


def _line(event: SlideEvent) -> str:
    parts = [event.date, event.what, event.where, event.time]
    plain = [one_line(part.replace(SEPARATOR, INSTEAD)) for part in parts]
    while len(plain) > 2 and not plain[-1]:
        plain.pop()
    return f" {SEPARATOR} ".join(plain).strip()
