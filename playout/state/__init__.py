"""The state of a channel's air, and the fold of journal events into it."""
