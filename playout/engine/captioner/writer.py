"""Captions of one live as it goes on (pure): sound in, triplets of roll-up captions out."""

from collections.abc import Callable, Sequence

from media.captions.roll_up import RollUp
from media.speech.live import LiveSpeech
from media.speech.names import with_names
from media.speech.words import SPEECH_RATE, Recognizer, Speech, SpokenWord

NOTICE = "[automatic captions]"
"""First row of every live, so that viewers know that no person wrote them."""
NEW_ROW_AFTER = 2.0
"""Seconds of pause after which the next word begins a row."""
ERASED_AFTER = 12.0
"""Seconds of pause after which the screen is cleared: old words would stand for new ones."""


class LiveCaptions:
    """The automatic captions of one live. `names` returns the station's names as they are now."""

    def __init__(
        self, recognizer: Recognizer, names: Callable[[], Sequence[str]] = tuple[str, ...]
    ) -> None:
        self._speech, self._rows = LiveSpeech(recognizer), RollUp()
        self._names = names
        self._heard = 0.0
        """Seconds of sound heard."""
        self._last = 0.0
        """End of the last word shown."""
        self._has_begun = self._is_shown = False

    def hear(self, sound: Speech) -> bytes:
        """Take the next sound; return the triplets that are due."""
        self._heard += len(sound) / SPEECH_RATE
        words = self._speech.hear(sound)
        if words:
            return self._shown(with_names(words, self._names()))
        if self._is_shown and self._heard - self._last > ERASED_AFTER:
            self._is_shown = False
            return self._rows.erase()
        return b""

    def _shown(self, words: Sequence[SpokenWord]) -> bytes:
        triplets = b""
        if not self._has_begun:
            self._has_begun = True
            triplets += self._rows.say([NOTICE])
            self._rows.new_row()
        for word in words:
            if word.start - self._last > NEW_ROW_AFTER:
                self._rows.new_row()
            triplets += self._rows.say([word.text])
            self._last = word.end
        self._is_shown = True
        return triplets
