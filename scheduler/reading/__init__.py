"""Reads that several queries share."""
