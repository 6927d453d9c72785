"""As-run reports and the history of changes."""
