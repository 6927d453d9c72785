"""The agent of a channel and everything round it that does input or output."""
