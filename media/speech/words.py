"""Recognized words, and the waist of whatever recognizes them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SPEECH_RATE = 16_000
"""Samples a second that recognizers hear, in mono."""

Speech = NDArray[np.float32]
"""Sound for a recognizer: mono samples between -1 and 1 at SPEECH_RATE."""


class SpeechError(Exception):
    """Speech that cannot be recognized; the sentence is for staff."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as it was heard."""

    start: float
    """Seconds from the start of the media."""
    end: float
    text: str
    """The word with its punctuation and without spaces."""
    sureness: float = 1.0
    """How sure the model is, from 0 to 1."""


class Recognizer(Protocol):
    """A recognizer of the words in a piece of speech: a model, or the fake of the tests."""

    def words(self, speech: Speech) -> Sequence[SpokenWord]:
        """Return the words of one piece in order; times count from the start of the piece.

        Raises SpeechError when the model cannot be used.
        """


def recognized(pieces: Iterable[Speech], recognizer: Recognizer) -> Iterator[list[SpokenWord]]:
    """Yield the words of each piece, with times from the start of the first piece."""
    gone = 0
    for piece in pieces:
        began = gone / SPEECH_RATE
        yield [
            SpokenWord(began + word.start, began + word.end, word.text, word.sureness)
            for word in recognizer.words(piece)
        ]
        gone += len(piece)
