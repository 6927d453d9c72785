"""Pages of alerts: what is wrong and was, acknowledging it, and who is told."""
