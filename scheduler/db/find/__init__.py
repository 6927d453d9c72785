"""Every query of the database, by topic. Answers are rows; `db.load` makes values of them."""

from scheduler.db.find import bodies, desk, graphics, house, look, meetings, plan

__all__ = ["bodies", "desk", "graphics", "house", "look", "meetings", "plan"]
