"""The bus: one picture and sound for each tick of the house clock."""
