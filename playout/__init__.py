"""Air: makes the frames agree with the rundown; runs alone on the broadcast machine."""
