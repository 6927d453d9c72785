"""Speech made readable: words recognized by a local model, and the captions they become."""
