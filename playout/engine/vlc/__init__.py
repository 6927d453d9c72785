"""libVLC, behind one adapter."""
