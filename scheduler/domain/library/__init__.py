"""Rules of the library: searches, where files are, and what may be let go."""
