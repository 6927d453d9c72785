"""Rules that repeat: recurrence, calendars, blocks, episodes."""
