"""Plan: what staff want on air, turned into items for the broadcast machine, and what really happened."""
