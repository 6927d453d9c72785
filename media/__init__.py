"""Files: what a recording is and whether it can be trusted."""
