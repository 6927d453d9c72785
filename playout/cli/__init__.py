"""The `gavel-playout` command."""
