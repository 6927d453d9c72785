"""Choices that several forms offer."""

from config.names import ChannelId
from scheduler.db.store import Database
from scheduler.queries import programs, searches
from web.kit.forms import Offer


def search_choices(db: Database, channel: str | None, none: str) -> list[Offer]:
    """Return the saved searches that the channel may draw from, by name."""
    known = searches.choices(db, ChannelId(channel) if channel else None)
    return [Offer("", none), *(Offer(one.id, one.draft.name) for one in known)]


def program_choices(db: Database) -> list[Offer]:
    """Return every program, by title, with the length of its file."""
    own = (Offer(*one) for one in programs.program_lengths(db))
    return [Offer("", "none: a title of its own"), *own]
