"""The tables of the database, by topic."""

from scheduler.db.tables import desk, graphics, house, look, meetings, plan

__all__ = ["desk", "graphics", "house", "look", "meetings", "plan"]
