"""A saved search: a search of the library with a name, which blocks, gaps and airings draw from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import AiringId, ChannelId
from config.times import calendar_day, length
from playout.model.choosing import MOST_CANDIDATES, Candidate, Choice
from playout.model.search import LONGEST_BODY, AssetFilter, AssetKind, AssetOrder, SearchFacts
from playout.timing.choosing import in_order
from scheduler.domain.library.search import Search, Term, terms
from scheduler.domain.model.ids import SearchId

LONGEST_NAME = 120
MOST_FOUND = 200
"""Files that one saved search may find: the first in its order."""
SPARE_CANDIDATES = 2
"""Files in a plan beyond those that its airings can use, for when one fails."""
ORDER_WORDS = {
    AssetOrder.NEWEST: "newest first",
    AssetOrder.OLDEST: "oldest first",
    AssetOrder.TITLE: "by title",
    AssetOrder.LONGEST: "longest first",
    AssetOrder.LEAST_AIRED: "least recently aired first",
}
FIRST_WORDS = {
    AssetOrder.NEWEST: "newest",
    AssetOrder.OLDEST: "oldest",
    AssetOrder.TITLE: "first by title",
    AssetOrder.LONGEST: "longest",
    AssetOrder.LEAST_AIRED: "next in turn",
}
"""What is announced of an airing while it is not known which file it will show."""
KIND_WORDS = {
    AssetKind.RECORDING: "recordings",
    AssetKind.UPLOAD: "uploads",
    AssetKind.CUT: "cuts",
}


@dataclass(frozen=True)
class SavedSearchDraft:
    """The fields of a saved search that staff may set."""

    name: str
    search: Search
    channel: ChannelId | None = None
    """The channel that uses it; None for all."""


@dataclass(frozen=True)
class SavedSearch:
    """A saved search as stored."""

    id: SearchId
    draft: SavedSearchDraft
    archived: bool
    version: int


@dataclass(frozen=True)
class SearchPool:
    """A saved search with the files that it finds apart from the moment, in its order."""

    saved: SavedSearch
    candidates: tuple[Candidate, ...] = ()

    @property
    def choice(self) -> Choice:
        """The search as a machine needs it, with all its candidates."""
        draft = self.saved.draft
        return Choice(
            id=self.saved.id,
            name=draft.name,
            filter=draft.search.filter,
            order=draft.search.order,
            words=tuple(map(_needle, terms(draft.search.words))),
            candidates=self.candidates,
        )


def _needle(term: Term) -> str:
    """Return what a machine looks for in the padded words about a recording."""
    end = " " if term.whole else ""
    return f" {' '.join(term.words)}{end}"


def problems(draft: SavedSearchDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    asked = draft.search.filter
    if not draft.name.strip() or len(draft.name) > LONGEST_NAME:
        errors["name"] = f"Give the search a name of up to {LONGEST_NAME} characters."
    if asked.since and asked.until and asked.until < asked.since:
        errors["until"] = "The last day cannot be before the first."
    if asked.shortest and asked.longest and asked.longest < asked.shortest:
        errors["longest"] = "The longest length cannot be below the shortest."
    return errors


def apart_from_the_moment(search: Search, starts: datetime, zone: ZoneInfo) -> Search:
    """Return the search for every file that it may find from `starts` on."""
    asked = search.filter
    since = asked.since
    if asked.within_days is not None:
        earliest = starts.astimezone(zone).date() - timedelta(days=asked.within_days)
        since = max(earliest, since) if since else earliest
    wider = replace(asked, within_days=None, not_aired_for=None, since=since)
    return replace(search, filter=wider)


def asks_when_aired(search: Search) -> bool:
    """Return whether what aired changes what the search finds."""
    return search.filter.not_aired_for is not None or search.order is AssetOrder.LEAST_AIRED


def found_at(pool: SearchPool, at: datetime, zone: ZoneInfo) -> list[Candidate]:
    """Return the files that the search finds at `at`, the first to take first."""
    return in_order(pool.choice, pool.candidates, at, zone, {})


def carried(pool: SearchPool, moments: Sequence[datetime], named: int, zone: ZoneInfo) -> Choice:
    """Return the search for a plan with the candidates that may come up in it.

    `moments` are the starts of the airings that take the first of it. Before the n-th of them at
    most n - 1 airings of its own and `named` others have used up a file, so the first few that fit
    are enough. Example: three airings and one file aired by name need the first 2, 3 and 4, and
    two to spare, of what fits at each start.
    """
    wanted: set[str] = set()
    uses_up = asks_when_aired(pool.saved.draft.search)
    for number, at in enumerate(sorted(moments)):
        used = number + named if uses_up else 0
        wanted |= {one.facts.id for one in found_at(pool, at, zone)[: used + 1 + SPARE_CANDIDATES]}
    kept = [one for one in pool.candidates if one.facts.id in wanted]
    return replace(pool.choice, candidates=tuple(kept[:MOST_CANDIDATES]))


def announced(title: str, search: Search) -> str:
    """Return how an airing is announced before its file is known: `Council replay: newest`."""
    first = FIRST_WORDS[search.order]
    return "" if first in title.casefold() else first


def in_words(search: Search, program: str = "") -> str:
    """Return what the search asks for: `Council, not older than 30 days, newest first`.

    `program` is the title of the program that it names.
    """
    parts = [*_what(search, program), *_when(search.filter), *_how_long(search.filter)]
    return ", ".join((*parts, ORDER_WORDS[search.order]))


def _what(search: Search, program: str) -> Iterable[str]:
    asked = search.filter
    if search.words.strip():
        yield f"“{search.words.strip()}”"
    if asked.body:
        yield asked.body
    if asked.program:
        yield program or "a program"
    if asked.kind is not None:
        yield KIND_WORDS[asked.kind]
    yield from (f"tagged {tag}" for tag in asked.tags)
    if asked.captioned is not None:
        yield "captioned" if asked.captioned else "without captions"


def _when(asked: AssetFilter) -> Iterable[str]:
    if asked.within_days is not None:
        days = asked.within_days
        yield f"not older than {days} {'day' if days == 1 else 'days'}" if days else "of today"
    if asked.since is not None:
        yield f"from {calendar_day(asked.since)} on"
    if asked.until is not None:
        yield f"up to {calendar_day(asked.until)}"
    if asked.not_aired_for is not None:
        yield f"not aired for {length(asked.not_aired_for)}"


def _how_long(asked: AssetFilter) -> Iterable[str]:
    if asked.shortest is not None:
        yield f"at least {length(asked.shortest)} long"
    if asked.longest is not None:
        yield f"at most {length(asked.longest)} long"


def facts_of_live(
    airing: AiringId, title: str, start: datetime, zone: ZoneInfo, body: str, program: str
) -> SearchFacts:
    """Return what a recording of this airing will be, as far as saved searches ask.

    Its title is the one that its file gets in the library.
    """
    day = start.astimezone(zone).date()
    return SearchFacts(
        id=airing,
        title=f"{title[:170]}, {calendar_day(day)}",
        day=day,
        added=start,
        body=body[:LONGEST_BODY],
        program=program,
        kind=AssetKind.RECORDING,
    )
