"""The schedule desk: week grid, rundown of a day, airings and proposals."""
