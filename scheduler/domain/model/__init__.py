"""The nouns of the plan."""
