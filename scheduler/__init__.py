"""Plan: what staff want on air, made into items for the broadcast machine, and what aired."""
