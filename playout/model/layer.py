"""The layers of a channel, in a module that even the smallest process can afford to import."""

from enum import StrEnum


class Layer(StrEnum):
    """The three base layers of a channel, highest first."""

    DECK = "deck"
    BOARD = "board"
    SLATE = "slate"
