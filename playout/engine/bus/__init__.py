"""The bus: one picture and its sound for each tick of the house clock."""
