"""Decks that play live sources."""
