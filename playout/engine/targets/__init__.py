"""The targets of a stream that need a process of their own, because they may wait."""
