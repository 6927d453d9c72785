"""Recordings of live sources: pieces on disk, joined and kept."""
