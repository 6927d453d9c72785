"""Commands of people: what obeying one does, and what viewers will then see."""
