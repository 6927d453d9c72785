"""What viewers subscribe to, built from a public projection only."""
