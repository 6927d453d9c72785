"""Pages of series, calendars of holidays, and programming blocks."""
