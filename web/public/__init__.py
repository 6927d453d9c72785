"""Pages for residents: the public page and the calendar feeds."""
