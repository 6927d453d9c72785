"""Every query of the database, by topic. Answers are rows; `db.load` makes values of them."""

from scheduler.db.find import (
    alerts,
    bodies,
    desk,
    graphics,
    health,
    house,
    jobs,
    keeping,
    library,
    look,
    machines,
    meetings,
    plan,
    recordings,
    titles,
    uses,
)

__all__ = [
    "alerts",
    "bodies",
    "desk",
    "graphics",
    "health",
    "house",
    "jobs",
    "keeping",
    "library",
    "look",
    "machines",
    "meetings",
    "plan",
    "recordings",
    "titles",
    "uses",
]
