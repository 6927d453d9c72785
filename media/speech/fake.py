"""A recognizer without a model: it hears one word wherever the sound is loud enough."""

from collections.abc import Sequence

import numpy as np

from media.speech.words import SPEECH_RATE, Speech, SpokenWord

LOUD = 0.02
STEP = SPEECH_RATE // 20
"""Samples of 50 ms, in which the fake looks for sound."""


class FakeRecognizer:
    """Hears `word` in each stretch of sound between two silences."""

    def __init__(self, word: str = "Aye.") -> None:
        self._word = word

    def words(self, speech: Speech) -> Sequence[SpokenWord]:
        """See Recognizer."""
        steps = len(speech) // STEP
        if not steps:
            return []
        peaks = np.abs(speech[: steps * STEP]).reshape(steps, STEP).max(axis=1) > LOUD
        edges = np.flatnonzero(np.diff(np.concatenate(([0], peaks.astype(np.int8), [0]))))
        return [
            SpokenWord(begin * 0.05, end * 0.05, self._word)
            for begin, end in edges.reshape(-1, 2).tolist()
        ]
