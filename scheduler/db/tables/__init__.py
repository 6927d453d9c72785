"""The tables of the database, by topic."""

from scheduler.db.tables import (
    alerts,
    desk,
    graphics,
    house,
    look,
    machines,
    meetings,
    passing,
    plan,
    recordings,
)

__all__ = [
    "alerts",
    "desk",
    "graphics",
    "house",
    "look",
    "machines",
    "meetings",
    "passing",
    "plan",
    "recordings",
]
