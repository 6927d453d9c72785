"""Speech of a meeting as it happens: words are settled once two hearings agree on them.

A model hears the last seconds again and again. Its newest words change with each hearing, because
they were cut off in mid-word. So a word counts once two hearings in a row brought it, and nothing
that was settled is taken back: captions on air cannot be.

Worked example, a hearing every 2.5 seconds of what was said since the last settled word:

    at 2.5 s   "The City Coun"                      nothing is settled
    at 5.0 s   "The City Council will now"          The City is settled
    at 7.5 s   "Council will now come to order"     Council will now is settled
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from media.speech.words import SPEECH_RATE, Recognizer, Speech, SpokenWord

HEARD_EVERY = 2.5
"""Seconds of new sound from one hearing to the next. A hearing by a tiny model takes about half a
second of a core, whatever its length, because Whisper always computes half a minute."""
LONGEST_SECONDS = 15.0
"""Most sound heard at once; what is older is settled as it stands."""
KEPT_SECONDS = 1.0
"""Sound kept before the first word that is not settled, so that it is heard whole."""


class LiveSpeech:
    """The words of a live, settled a few seconds after they were said."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self._sound: Speech = np.zeros(0, np.float32)
        self._begin = 0.0
        """Seconds from the start of the live to the sound that is held."""
        self._fresh = 0.0
        self._settled = 0.0
        """End of the last settled word."""
        self._before: list[SpokenWord] = []

    def hear(self, sound: Speech) -> list[SpokenWord]:
        """Take the next sound; return the words that are settled now, mostly none."""
        self._sound = np.concatenate([self._sound, sound])
        self._fresh += len(sound) / SPEECH_RATE
        if self._fresh < HEARD_EVERY:
            return []
        self._fresh = 0.0
        words = self._heard()
        count = _agreeing(self._before, words)
        if self._held() > LONGEST_SECONDS:
            edge = self._begin + self._held() - KEPT_SECONDS
            count = max(count, bisect_right(words, edge, key=lambda word: word.end))
        settled, self._before = words[:count], words[count:]
        if settled:
            self._settled = settled[-1].end
        self._let_go()
        return settled

    def finish(self) -> list[SpokenWord]:
        """Return the words that were heard and not settled yet."""
        rest, self._before = self._before, []
        return rest

    def _held(self) -> float:
        return len(self._sound) / SPEECH_RATE

    def _heard(self) -> list[SpokenWord]:
        """Return the words after the last settled one, with times from the start of the live."""
        return [
            SpokenWord(self._begin + w.start, self._begin + w.end, w.text, w.sureness)
            for w in self._recognizer.words(self._sound)
            if self._begin + (w.start + w.end) / 2 > self._settled
        ]

    def _let_go(self) -> None:
        """Drop sound that no later hearing needs."""
        first = self._before[0].start if self._before else self._begin + self._held()
        keep_from = max(min(first, self._settled or first) - KEPT_SECONDS, self._begin)
        if not self._before:
            keep_from = max(keep_from, self._begin + self._held() - 2 * KEPT_SECONDS)
        keep_from = max(keep_from, self._begin + self._held() - LONGEST_SECONDS)
        gone = round((keep_from - self._begin) * SPEECH_RATE)
        self._sound = self._sound[gone:]
        self._begin += gone / SPEECH_RATE


def _agreeing(before: Sequence[SpokenWord], now: Sequence[SpokenWord]) -> int:
    """Return how many words both hearings begin with; case and punctuation do not count."""
    count = 0
    for old, new in zip(before, now, strict=False):
        if _bare(old.text) != _bare(new.text):
            break
        count += 1
    return count


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
