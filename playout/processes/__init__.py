"""The processes of a channel: the only place where host and engine meet."""
