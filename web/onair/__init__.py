"""The On air page: what viewers see now, and the buttons that change it."""
