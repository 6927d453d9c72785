"""The gateway: takes a live source in and keeps its time continuous."""
