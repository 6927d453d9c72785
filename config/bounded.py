"""Types for everything that others send: each bounds what a message, form or address may hold.

A process that reads a message refuses, in words, any value beyond these bounds, as it refuses a
missing field. So no later step meets an instant without a local time, a number too large for its
column, or a text that the database refuses.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from config.names import AiringId, AssetKey, ChannelId, CueId, ItemId, Revision

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Years in which our instants may lie; every zone has a local time for all of them. A machine whose
clock has died boots in 1970, and its alarm about that must still get through."""
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The one later instant: no end."""
LONGEST_SPAN = timedelta(days=400)
LARGEST_INTEGER = 2**31 - 1
"""The largest number in an integer column."""
LARGEST_BIGINT = 2**63 - 1
"""The largest number in a large integer column."""
LONGEST_TEXT = 20_000
"""Most characters of any text on the wire; the longest of ours, a slide, has a tenth."""
LONGEST_CAPTION_NAME, MOST_CAPTION_NAMES = 60, 500
"""Letters of a name, and names of a station, that automatic captions compare with what is said."""
NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no keyboard or clipboard gives, and no page, feed or database takes."""
_ESCAPED = re.compile(rb"\\(?:\\|(u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF])|[bf]))")
"""An escaped backslash, or (in the group) an escaped control character. The backslash comes first,
so that the text `\\u0000` is left alone. Every match begins with a backslash: fast to find."""


def is_sensible(year: int) -> bool:
    """Return whether an instant of ours may lie in that year."""
    return FIRST_YEAR <= year <= LAST_YEAR


def instant(at: datetime) -> datetime:
    """Return the instant in UTC. Raises ValueError for a naive one, and outside the sensible
    years."""
    if at.tzinfo is None:
        raise ValueError("it has no time zone; an instant is written like 2026-03-03T10:00:00Z")
    if is_sensible(at.year):
        return at.astimezone(UTC)
    if at == FOREVER:
        return FOREVER
    raise ValueError(f"an instant lies in the years {FIRST_YEAR} to {LAST_YEAR}")


def day(text: str) -> date:
    """Read a day written `2026-11-24`. Raises ValueError for other text, and outside the sensible
    years.
    """
    found = date.fromisoformat(text)
    if not is_sensible(found.year):
        raise ValueError(f"a day lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def whole(text: str, least: int = 0, most: int = LARGEST_INTEGER) -> int | None:
    """Read a whole number within bounds; None for any other text."""
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
    """Say what is wrong with a message and where, without repeating its values: one may be a key.

    pydantic's error itself repeats the values, so it is never logged and never set as a cause.
    """
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{name}{'.' + where if where else ''}: {first['msg']}{more}"


def without_controls(body: bytes) -> bytes:
    """Replace the control characters in the strings of a JSON text by spaces, except tabs and line
    breaks.
    """
    plain = body.replace(b"\x7f", b" ")
    return _ESCAPED.sub(lambda found: b" " if found[1] else found[0], plain)


def has_controls(body: bytes) -> bool:
    """Return whether the strings of a JSON text hold control characters other than tabs and line
    breaks.
    """
    return b"\x7f" in body or any(found[1] for found in _ESCAPED.finditer(body))


def short(letters: int) -> Any:
    """Limit a text or id to this many characters, inside `Annotated`."""
    return StringConstraints(max_length=letters)


Instant = Annotated[datetime, AfterValidator(instant)]
"""Aware, in UTC, in a sensible year."""
Span = Annotated[timedelta, AfterValidator(_span)]
Count = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
"""A count that fits into a column."""
Large = Annotated[int, Field(ge=0, le=LARGEST_BIGINT)]
"""A size in bytes."""
Tick = Annotated[int, Field(ge=0, le=2**35)]
"""A tick: at most eighteen years of them at sixty a second."""
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
ChannelRef = Annotated[ChannelId, short(32)]
CueRef = Annotated[CueId, short(120)]
ItemRef = Annotated[ItemId, short(120)]
AiringRef = Annotated[AiringId, short(80)]
AssetRef = Annotated[AssetKey, short(64)]
RevisionRef = Annotated[Revision, Field(ge=0, le=LARGEST_INTEGER)]
"""Ids, as long as their columns allow; whether the thing exists is checked later."""
EntryRef = Annotated[str, short(160)]
"""Id of a journal entry; that of an as-run row contains the id of its cue and an instant."""
Name = Annotated[str, short(80)]
"""An id without a type of its own."""
LayerName = Annotated[str, StringConstraints(pattern="^(deck|board|slate)$")]
Title = Annotated[str, short(400)]

STRICT: dict[str, Any] = {
    "extra": "forbid",
    "allow_inf_nan": False,
    "str_max_length": LONGEST_TEXT,
}
"""Rules for every value on the wire: no unknown fields, finite numbers, bounded texts."""
