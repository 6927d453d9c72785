"""Slides drawn as full-screen pictures, legible across a room; one module for each layout."""
