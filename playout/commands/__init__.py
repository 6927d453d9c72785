"""Operators' commands: what obeying one does, and what viewers will then see."""
