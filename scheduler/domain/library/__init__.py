"""Rules of the library: what a search finds, and in which order."""
