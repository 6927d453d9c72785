"""Changing the plan: drafts, series and meetings become rows in one transaction."""
