"""Previews of changes before they are made."""
