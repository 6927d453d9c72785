"""Pure time arithmetic: which item airs when, from the plan and the state of air."""
