"""Rules by which three voters let one of two machines send a channel (pure)."""
