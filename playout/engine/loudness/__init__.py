"""Loudness of what aired: measured as BS.1770 says, kept by hour, day and cue."""
