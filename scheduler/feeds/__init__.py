"""The calendar feeds that viewers subscribe to, built from public projections only."""
