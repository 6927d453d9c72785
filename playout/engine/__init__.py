"""Engine: decks, program bus and outputs; one frame every tick whatever happens."""
