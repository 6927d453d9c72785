"""The layers of a channel, for processes that need nothing else of the engine's waists."""

from enum import StrEnum


class Layer(StrEnum):
    """The three base layers of a channel, highest first."""

    DECK = "deck"
    BOARD = "board"
    SLATE = "slate"
