"""Ground: what any process needs before it can do anything; a closed list."""
