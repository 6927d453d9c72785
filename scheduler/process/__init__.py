"""The scheduler process: its alarms, ingest, publishing and warnings."""
