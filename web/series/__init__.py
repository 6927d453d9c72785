"""Series, calendars and blocks."""
