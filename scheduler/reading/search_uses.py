"""The uses of a saved search: everything that draws from it."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.db import find
from scheduler.db.store import Session
from scheduler.db.tables.plan import ChannelRow
from scheduler.domain.model.ids import SearchId


@dataclass(frozen=True)
class SearchUse:
    """One thing that draws from a saved search."""

    id: str
    kind: str
    """`block`, `series`, `airing` or `filler`."""
    key: str
    """The id of that thing; of filler its channel."""
    words: str


def uses_of(session: Session, search: SearchId, now: datetime) -> tuple[SearchUse, ...]:
    """Return what draws from the search: blocks, series, coming airings by hand, gaps."""
    uses = [
        SearchUse(f"block-{row.id}", "block", row.id, f"the block {row.name}")
        for row in find.searches.blocks(session, search)
    ]
    uses += [
        SearchUse(f"series-{row.id}", "series", row.id, f"the series {row.name}")
        for row in find.searches.series(session, search)
    ]
    uses += [
        SearchUse(f"airing-{row.id}", "airing", row.id, f"the airing {row.title}")
        for row in find.searches.airings(session, now, search=search)
        if row.series_id is None
    ]
    for channel in find.searches.filled_channels(session, search):
        row = session.get(ChannelRow, channel)
        name = row.name if row is not None else channel
        uses.append(SearchUse(f"filler-{channel}", "filler", channel, f"the gaps of {name}"))
    return tuple(uses)
