"""As-run reports."""
