"""Saved searches on air: a rule, the files that it may take, and what each file is.

The server finds the files. Which of them airs is decided at the moment of each airing, by
`playout/timing/choosing`, on the server and on the broadcast machine alike.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from config.bounded import STRICT, AiringRef, Name, Span, Title, short
from playout.model.media import Media
from playout.model.search import AssetFilter, AssetOrder, SearchFacts

MOST_CANDIDATES = 60
"""Most files that a plan carries for one saved search."""
MOST_CHOICES = 50
"""Most saved searches that the items of one plan name."""
MOST_DECIDED = 2_000
"""Most recordings that a plan names as known to the server."""


@dataclass(frozen=True)
class Candidate:
    """A file that a saved search may take."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    media: Media
    """Its length reaches to the last moment that airs."""
    facts: SearchFacts
    """`last_aired` is given only where the search asks for it."""
    in_point: Span = timedelta(0)
    recording_of: AiringRef | None = None
    """The airing that it is a recording of."""

    @property
    def length(self) -> timedelta:
        """Its time on air."""
        return self.media.length - self.in_point


@dataclass(frozen=True)
class Choice:
    """A saved search as the broadcast machine needs it.

    `candidates` have passed all of the search on the server that does not depend on the moment.
    What does decides between them at each airing. A recording that the machine made by itself must
    pass the whole filter and the words.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    name: Title
    filter: AssetFilter = field(default_factory=AssetFilter)
    order: AssetOrder = AssetOrder.NEWEST
    words: Annotated[tuple[Annotated[str, short(200)], ...], Field(max_length=16)] = ()
    """Each must be in the folded text about a recording, in which every word has a space on either
    side: ` budget` begins a word, ` public hearing ` are two whole ones."""
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=MOST_CANDIDATES)] = ()
