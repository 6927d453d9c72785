"""What may come through a door: one set of types, each within bounds, for all that others send.

A machine that reads a message refuses in words what is beyond them, as it refuses a missing field.
So no later step meets an instant that has no local time, a number that a column cannot hold, or a
text that a database refuses.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from config.names import AiringId, AssetKey, ChannelId, CueId, ItemId, Revision

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Years that anything of ours may lie in; every zone can still say what local time that is. A
machine whose clock has died boots in 1970, and its alarm about that must be heard."""
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The one later instant: what has no end."""
LONGEST_SPAN = timedelta(days=400)
LARGEST_INTEGER = 2**31 - 1
"""The largest number that an integer column holds."""
LARGEST_BIGINT = 2**63 - 1
"""The same of a large one."""
LONGEST_TEXT = 20_000
"""Letters of any text on the wire; the longest of ours, a slide, has a tenth."""
NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
"""What no keyboard or clipboard gives, and no page, feed or database takes."""
_ESCAPED = re.compile(rb"\\(?:\\|(u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF])|[bf]))")
"""A backslash that stands for itself, or (in the group) a control character; in this order, so that
the text `\\u0000` is left alone. It begins with a backslash, which is fast to find."""


def is_sensible(year: int) -> bool:
    """Whether something of ours may lie in that year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def instant(at: datetime) -> datetime:
    """The instant in UTC. Raises ValueError for a naive one and one in no sensible year."""
    if at.tzinfo is None:
        raise ValueError("it has no time zone; an instant is written like 2026-03-03T10:00:00Z")
    if at == FOREVER:
        return FOREVER
    if not is_sensible(at.year):
        raise ValueError(f"an instant lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return at.astimezone(UTC)


def day(text: str) -> date:
    """A day as `2026-11-24`. Raises ValueError for what is none, and for no sensible year."""
    found = date.fromisoformat(text)
    if not is_sensible(found.year):
        raise ValueError(f"a day lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def whole(text: str, least: int = 0, most: int = LARGEST_INTEGER) -> int | None:
    """A whole number within bounds; None for what is none."""
    text = text.strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20):
        return None
    number = int(text)
    return number if least <= number <= most else None


def _span(span: timedelta) -> timedelta:
    if abs(span) > LONGEST_SPAN:
        raise ValueError(f"a length has at most {LONGEST_SPAN.days} days")
    return span


def explain(name: str, error: ValidationError) -> str:
    """What is wrong with a message and where, in words that never repeat what was sent: it may
    hold a key. The error itself repeats it, so it is never logged and no error's cause."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{name}{'.' + where if where else ''}: {first['msg']}{more}"


def without_controls(body: bytes) -> bytes:
    """A JSON text whose strings hold no control characters but tabs and line breaks; each of
    the others becomes a space."""
    plain = body.replace(b"\x7f", b" ")
    return _ESCAPED.sub(lambda found: b" " if found[1] else found[0], plain)


def has_controls(body: bytes) -> bool:
    """Whether strings of a JSON text hold others."""
    return b"\x7f" in body or any(found[1] for found in _ESCAPED.finditer(body))


def short(letters: int) -> Any:
    """At most so many letters: the rest of an `Annotated` text or id."""
    return StringConstraints(max_length=letters)


Instant = Annotated[datetime, AfterValidator(instant)]
"""Aware, in UTC, in a sensible year."""
Span = Annotated[timedelta, AfterValidator(_span)]
Count = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
"""What is counted, and fits into a column."""
Large = Annotated[int, Field(ge=0, le=LARGEST_BIGINT)]
"""Bytes."""
Tick = Annotated[int, Field(ge=0, le=2**35)]
"""A tick of a run of pictures: at most eighteen years of them, at sixty a second."""
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
ChannelRef = Annotated[ChannelId, short(32)]
CueRef = Annotated[CueId, short(120)]
ItemRef = Annotated[ItemId, short(120)]
AiringRef = Annotated[AiringId, short(80)]
AssetRef = Annotated[AssetKey, short(64)]
RevisionRef = Annotated[Revision, Field(ge=0, le=LARGEST_INTEGER)]
"""Ids as their columns have room for them; whether there is such a thing is looked up."""
EntryRef = Annotated[str, short(160)]
"""Id of a journal entry; that of an as-run row holds the id of its cue and an instant."""
Name = Annotated[str, short(80)]
"""An id that has no type of its own."""
LayerName = Annotated[str, StringConstraints(pattern="^(deck|board|slate)$")]
Title = Annotated[str, short(400)]

STRICT: dict[str, Any] = {
    "extra": "forbid",
    "allow_inf_nan": False,
    "str_max_length": LONGEST_TEXT,
}
"""Of every value on the wire: unknown fields are refused, numbers are finite, texts have an
end."""
