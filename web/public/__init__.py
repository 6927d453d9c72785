"""What residents see: the public page and the calendar feeds."""
