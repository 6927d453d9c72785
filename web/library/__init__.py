"""Pages of programs, media and bulletins."""
