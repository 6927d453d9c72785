"""The schedule desk: week, day, rundown, airings and proposals."""
