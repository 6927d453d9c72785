"""Forms and words for airings that want the same time."""
