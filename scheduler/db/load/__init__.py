"""Rows into frozen values and drafts into rows, by topic."""

from scheduler.db.load import bodies, desk, house, journal, meetings, plan, rule

__all__ = ["bodies", "desk", "house", "journal", "meetings", "plan", "rule"]
