"""Every question asked of the database, by topic."""

from scheduler.db.find import bodies, desk, house, meetings, plan

__all__ = ["bodies", "desk", "house", "meetings", "plan"]
