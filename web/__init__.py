"""Doors: browser pages and the broadcast machine's door; no rules live here."""
