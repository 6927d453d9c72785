"""The director: which cues, live shots and overlays the engine should have."""
