"""The relay: makes the stream that leaves out of what the encoder writes, at a constant rate."""
