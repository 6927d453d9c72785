"""Decks that play files."""
