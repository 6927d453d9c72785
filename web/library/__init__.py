"""Programs, media and bulletins."""
