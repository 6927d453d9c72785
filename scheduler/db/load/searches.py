"""Saved searches, between rows and values."""

from config.names import ChannelId
from scheduler.db.tables.saved_searches import SavedSearchRow
from scheduler.domain.library.saved_search import SavedSearch, SavedSearchDraft
from scheduler.domain.library.search import SEARCH, to_json
from scheduler.domain.model.ids import SearchId
from scheduler.domain.model.text import one_line


def saved(row: SavedSearchRow) -> SavedSearch:
    """Return the saved search."""
    channel = ChannelId(row.channel_id) if row.channel_id else None
    draft = SavedSearchDraft(row.name, SEARCH.validate_python(row.search), channel)
    return SavedSearch(SearchId(row.id), draft, row.archived, row.version)


def fill_saved(row: SavedSearchRow, draft: SavedSearchDraft) -> None:
    """Write what staff set."""
    row.name = one_line(draft.name)
    row.search = to_json(draft.search)
    row.channel_id = draft.channel
