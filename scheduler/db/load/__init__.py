"""Rows into frozen values and drafts into rows, by topic."""

from scheduler.db.load import bodies, commands, desk, house, journal, meetings, plan, rule

__all__ = ["bodies", "commands", "desk", "house", "journal", "meetings", "plan", "rule"]
