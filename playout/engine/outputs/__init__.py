"""Outputs: streams, screens, and the monitor that watches the air."""
