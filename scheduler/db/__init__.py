"""The only place that touches database rows."""
