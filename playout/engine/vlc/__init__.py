"""libVLC behind one adapter."""
