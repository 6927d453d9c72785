"""Choices that several forms offer."""

from scheduler.db.store import Database
from scheduler.queries import programs
from web.kit.forms import Offer


def program_choices(db: Database) -> list[Offer]:
    """Return every program, by title, with the length of its file."""
    own = (Offer(*one) for one in programs.program_lengths(db))
    return [Offer("", "none: a title of its own"), *own]
