"""The HTTP API for broadcast machines."""
