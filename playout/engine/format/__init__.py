"""The house format: its ticks, sound, framing and stills."""
