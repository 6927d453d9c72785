"""The fields by which files of the library are chosen, on the server and on a broadcast machine."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from config.bounded import FIRST_YEAR, LAST_YEAR, STRICT, Instant, Name, Span, Title, short

MOST_TAGS = 20
LONGEST_TAG = 40
LONGEST_BODY = 120


def _sensible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a day lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


Day = Annotated[date, AfterValidator(_sensible)]
"""A local day in a sensible year."""
Tag = Annotated[str, short(LONGEST_TAG)]
Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]
Length = Annotated[Span, Field(ge=timedelta(0))]


class AssetKind(StrEnum):
    """The origins of a file of the library."""

    UPLOAD = "upload"
    RECORDING = "recording"
    CUT = "cut"


class AssetOrder(StrEnum):
    """The orders of what a search finds."""

    NEWEST = "newest"
    """By the day the material is from, the latest first."""
    OLDEST = "oldest"
    TITLE = "title"
    LONGEST = "longest"
    LEAST_AIRED = "least recently aired"
    """What never aired comes first."""


@dataclass(frozen=True)
class AssetFilter:
    """Conditions that a file must meet. A field left as it is lets any file pass."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    body: Annotated[str, short(LONGEST_BODY)] = ""
    """Name of the public body, compared without case and accents."""
    program: Name = ""
    """Id of the program it belongs to."""
    tags: Tags = ()
    """It must have all of them, compared without case and accents."""
    kind: AssetKind | None = None
    within_days: Annotated[int | None, Field(ge=0, le=40_000)] = None
    """Dated today (0) or at most this many local days ago; never in the future."""
    since: Day | None = None
    """First local day, included."""
    until: Day | None = None
    """Last local day, included."""
    shortest: Length | None = None
    longest: Length | None = None
    """Playing time, both bounds included. A still has none and passes neither."""
    not_aired_for: Length | None = None
    """It has not aired, on any channel, for at least this long."""
    captioned: bool | None = None
    """With captions that air (True), without (False), or either."""


@dataclass(frozen=True)
class SearchFacts:
    """The fields of one file that a filter reads."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    title: Title
    day: Day
    """The local day the material is from; where nobody said, the day it came."""
    added: Instant
    """When it was uploaded, or its recording began; it decides between files of one day."""
    body: Annotated[str, short(LONGEST_BODY)] = ""
    program: Name = ""
    tags: Tags = ()
    kind: AssetKind = AssetKind.UPLOAD
    length: Length | None = None
    """None for a still, and for a file that is not checked yet."""
    captioned: bool = False
    last_aired: Instant | None = None
    """The end of its last time on air, on any channel; None if it never aired."""
