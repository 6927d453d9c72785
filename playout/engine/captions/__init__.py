"""Captions on their way through the engine: pairs of line 21 and packets of 708, tick by tick."""
