"""A real model hears spoken files, in a confined child."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from support.speech import MODEL, spoken

from media.speech.hearing import ConfinedHearer, FakeHearer, Hearer
from media.speech.names import with_names
from media.speech.words import SpeechError, SpokenWord


def test_a_model_hears_a_meeting_and_says_when_each_word_was_said(tmp_path: Path) -> None:
    shares: list[float] = []
    words = ConfinedHearer(MODEL).words(
        spoken(tmp_path / "meeting.wav", silence=3.0), timedelta(seconds=12), progress=shares.append
    )
    text = " ".join(word.text for word in words).lower()

    assert "council will now come to order" in text and "the motion carries" in text
    assert 2.4 < words[0].start < 3.6
    assert all(a.start <= b.start for a, b in zip(words, words[1:], strict=False))
    assert shares and shares[-1] > 0.9


def test_a_name_that_the_model_slips_on_is_put_right(tmp_path: Path) -> None:
    text = "Councilman Bruce Kraus has the floor."
    heard = ConfinedHearer(MODEL).words(spoken(tmp_path / "a.wav", text), timedelta(seconds=4))

    assert "Kraus" in " ".join(word.text for word in with_names(heard, ["Kraus"]))


def test_silence_holds_no_words(tmp_path: Path) -> None:
    path = tmp_path / "quiet.wav"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=d=6", str(path)], check=True
    )

    assert ConfinedHearer(MODEL).words(path, timedelta(seconds=6)) == []


def test_a_folder_without_a_model_is_refused_with_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"model\.bin and config\.json missing"):
        ConfinedHearer(tmp_path).words(tmp_path / "a.wav", timedelta(seconds=1))


@pytest.mark.parametrize("name", ["meeting.wav", "meeting.mp4"])
def test_a_damaged_file_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"RIFF" + bytes(2000))

    with pytest.raises(SpeechError, match=r"^[A-Z].*\.$"):
        ConfinedHearer(MODEL).words(path, timedelta(seconds=1))


def hearer_of(kind: str) -> Hearer:
    heard = [SpokenWord(0.2, 0.8, "City"), SpokenWord(90.0, 91.0, "Council")]
    return ConfinedHearer(MODEL) if kind == "real" else FakeHearer(heard)


@pytest.mark.parametrize("kind", ["real", "fake"])
def test_words_lie_within_the_file_and_in_order(tmp_path: Path, kind: str) -> None:
    words = hearer_of(kind).words(spoken(tmp_path / "a.wav"), timedelta(seconds=9))

    assert words and all(0 <= word.start <= word.end and word.start < 9 for word in words)
