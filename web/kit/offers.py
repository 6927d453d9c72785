"""Choices that several forms offer."""

from datetime import datetime

from config.times import length as length_words
from scheduler.db.store import Database
from scheduler.queries import library, programs
from web.kit.forms import Offer


def asset_choices(db: Database, none: str) -> list[Offer]:
    """Return the files that may air, by title, each with its length."""
    fit = [entry.asset for entry in library.library(db) if entry.asset.fit]
    named = sorted(((asset.title, asset.id, asset.length) for asset in fit), key=lambda n: n[:2])
    return [
        Offer("", none),
        *(
            Offer(id, f"{title} ({length_words(span)})" if span else title, span)
            for title, id, span in named
        ),
    ]


def program_choices(db: Database, now: datetime) -> list[Offer]:
    """Return every program, by title, with the length of its file."""
    cards = programs.program_cards(db, now)
    own = (Offer(c.program.id, c.program.title, c.asset.length if c.asset else None) for c in cards)
    return [Offer("", "none: a title of its own"), *own]
