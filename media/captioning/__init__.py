"""Captions read out of unvetted files: embedded ones and sidecars (in the child only)."""
