"""Closed captions as data: the track of a file, and what it says in words."""
