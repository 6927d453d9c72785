"""The door of broadcast machines."""
