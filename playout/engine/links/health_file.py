"""The name of the monitor's report, alone, so that the monitor loads nothing else for it."""

HEALTH_FILE = "health.json"
"""The file that the monitor replaces each second."""
