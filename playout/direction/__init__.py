"""The director: which cues, live pictures and overlays the engine is to have."""
