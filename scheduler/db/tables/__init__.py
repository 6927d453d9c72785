"""The tables of the database, by topic."""

from scheduler.db.tables import desk, house, meetings, plan

__all__ = ["desk", "house", "meetings", "plan"]
