"""Music under bulletins, decoded by a process of its own."""
