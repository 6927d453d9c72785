"""The gateway: reads a live source, records it, and keeps its time continuous."""
