"""The house format: its clock and ticks, its sound, and how a picture is fitted into it."""
