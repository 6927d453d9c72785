"""The tables of the database, by topic."""

from scheduler.db.tables import (
    alerts,
    desk,
    details,
    graphics,
    house,
    keeping,
    look,
    machines,
    meetings,
    passing,
    plan,
    recordings,
    saved_searches,
    search,
)

__all__ = [
    "alerts",
    "desk",
    "details",
    "graphics",
    "house",
    "keeping",
    "look",
    "machines",
    "meetings",
    "passing",
    "plan",
    "recordings",
    "saved_searches",
    "search",
]
