"""What all page families use."""
