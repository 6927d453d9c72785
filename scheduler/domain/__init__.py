"""Pure planning rules: no clock, row, file or thread inside."""
