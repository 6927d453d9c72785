"""Recordings of live sources: pieces written to disk, then joined to one file and kept."""
