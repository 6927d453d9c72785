"""Long sound cut into pieces that a recognizer can hold, at the quietest moment near each end."""

from collections.abc import Iterable, Iterator

import numpy as np

from media.speech.words import SPEECH_RATE, Speech

PIECE_SECONDS = 120
"""Longest piece: two minutes take a tiny model about five seconds, so progress moves often."""
SEARCHED_SECONDS = 20
"""Seconds before the longest end in which the quietest moment is looked for."""
MOMENT = SPEECH_RATE // 5
"""Samples of the moment whose loudness counts: a pause between two words is about 0.2 s."""


def pieces(blocks: Iterable[Speech]) -> Iterator[Speech]:
    """Yield pieces of at most PIECE_SECONDS from blocks of any size; together they are all sound.

    >>> quiet = np.zeros(SPEECH_RATE, np.float32)
    >>> [len(piece) / SPEECH_RATE for piece in pieces([quiet] * 3)]
    [3.0]
    """
    waiting: list[Speech] = []
    held, most = 0, PIECE_SECONDS * SPEECH_RATE
    for block in blocks:
        waiting.append(block)
        held += len(block)
        while held >= most:
            sound = np.concatenate(waiting)
            cut = quietest_cut(sound[:most])
            yield sound[:cut]
            waiting, held = [sound[cut:]], held - cut
    if held:
        yield np.concatenate(waiting)


def quietest_cut(sound: Speech) -> int:
    """Return the sample in the middle of the quietest moment of the last SEARCHED_SECONDS.

    Of equally quiet moments it is the last, so that pieces stay long.
    """
    first = max(0, len(sound) - SEARCHED_SECONDS * SPEECH_RATE)
    whole = (len(sound) - first) // MOMENT
    if whole == 0:
        return len(sound)
    tail = sound[len(sound) - whole * MOMENT :].reshape(whole, MOMENT)
    power = (tail.astype(np.float64) ** 2).mean(axis=1)
    moment = whole - 1 - int(np.argmin(power[::-1]))
    return len(sound) - whole * MOMENT + moment * MOMENT + MOMENT // 2
