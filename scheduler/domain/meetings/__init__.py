"""Meetings, public bodies, and the replays that follow from a meeting."""
