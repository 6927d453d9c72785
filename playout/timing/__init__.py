"""Pure time arithmetic: which item airs when, from the plan and what has happened."""
