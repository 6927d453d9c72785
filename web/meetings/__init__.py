"""Meetings, public bodies and plans of meetings that repeat."""
