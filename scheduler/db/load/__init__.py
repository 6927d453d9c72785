"""Rows into frozen values, and drafts into rows, by topic. A function named after a thing reads its
row; `fill_…` writes a draft into one.
"""

from scheduler.db.load import (
    alerts,
    bodies,
    commands,
    desk,
    details,
    graphics,
    house,
    journal,
    keeping,
    look,
    machines,
    meetings,
    plan,
    recordings,
    rule,
    searches,
)

__all__ = [
    "alerts",
    "bodies",
    "commands",
    "desk",
    "details",
    "graphics",
    "house",
    "journal",
    "keeping",
    "look",
    "machines",
    "meetings",
    "plan",
    "recordings",
    "rule",
    "searches",
]
