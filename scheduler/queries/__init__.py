"""Read views for pages, feeds and the machine door; frozen values, never rows."""
