"""The captioner: it hears the live on air, and writes draft captions for the bus to send."""
