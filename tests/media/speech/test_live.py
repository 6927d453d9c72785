"""Words of a live meeting, settled while it goes on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from support.speech import MODEL, SAID, spoken

from media.headers import family_of
from media.speech.fake import FakeRecognizer
from media.speech.live import HEARD_EVERY, LONGEST_SECONDS, LiveSpeech
from media.speech.sound import heard_sound
from media.speech.whisper import WhisperRecognizer
from media.speech.words import SPEECH_RATE, Speech, SpokenWord

STEP = round(HEARD_EVERY * SPEECH_RATE)


class ScriptedRecognizer:
    """Hears what the script says next, whatever the sound."""

    def __init__(self, *hearings: str) -> None:
        self._hearings = list(hearings)
        self.longest = 0.0

    def words(self, speech: Speech) -> Sequence[SpokenWord]:
        self.longest = max(self.longest, len(speech) / SPEECH_RATE)
        length = len(speech) / SPEECH_RATE
        words = (self._hearings.pop(0) if self._hearings else "").split()
        each = length / max(1, len(words))
        return [SpokenWord(n * each, (n + 1) * each, word) for n, word in enumerate(words)]


def heard(recognizer, blocks: int) -> list[list[str]]:
    live = LiveSpeech(recognizer)
    silence = np.zeros(STEP, np.float32)
    return [[word.text for word in live.hear(silence)] for _ in range(blocks)]


def test_a_word_is_settled_once_two_hearings_agree_on_it() -> None:
    said = heard(ScriptedRecognizer("The City Coun", "The City Council will"), 2)

    assert said == [[], ["The", "City"]]


def test_case_and_punctuation_do_not_part_two_hearings() -> None:
    assert heard(ScriptedRecognizer("say aye", "Say aye."), 2)[1] == ["Say", "aye."]


def test_sound_that_is_never_agreed_on_is_settled_as_it_stands_and_let_go() -> None:
    recognizer = ScriptedRecognizer(*(f"{letter} {letter}" for letter in "abcdefghijkl"))
    said = heard(recognizer, 12)

    assert any(said) and recognizer.longest <= LONGEST_SECONDS + HEARD_EVERY + 1


def test_little_sound_is_not_heard_yet() -> None:
    live = LiveSpeech(ScriptedRecognizer("Aye."))

    assert live.hear(np.zeros(100, np.float32)) == [] and live.finish() == []


def test_each_burst_of_sound_is_settled_once_and_keeps_its_time() -> None:
    sound = np.zeros(60 * SPEECH_RATE, np.float32)
    for second in (3, 11, 12, 29, 47):
        sound[second * SPEECH_RATE : round((second + 0.6) * SPEECH_RATE)] = 0.5
    live = LiveSpeech(FakeRecognizer())
    words = [w for at in range(0, len(sound), 1600) for w in live.hear(sound[at : at + 1600])]

    assert [round(word.start) for word in words] == [3, 11, 12, 29, 47]


@pytest.mark.parametrize("silence", [0.0, 20.0])
def test_a_real_model_settles_what_was_said_once(tmp_path: Path, silence: float) -> None:
    path = spoken(tmp_path / "meeting.wav", silence=silence)
    sound = list(heard_sound(path, family_of(path, path.name), lambda share: None))
    sound.append(np.zeros(6 * SPEECH_RATE, np.float32))
    live = LiveSpeech(WhisperRecognizer(MODEL))
    words = [w for block in sound for w in live.hear(block)] + live.finish()
    text = " ".join(word.text for word in words)

    assert "council will now come to order" in text.lower() and text.lower().count("motion") == 1
    assert len(words) == pytest.approx(len(SAID.split()), abs=3)
