"""The host: the agent of a channel, and everything around it that reads, writes or talks."""
