"""The file in which the relay reports on its stream."""

STREAM_FILE = "stream.json"
"""The file that the relay replaces each second."""
