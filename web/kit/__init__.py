"""Helpers that every page family uses: request context, forms, errors, caches, words."""
