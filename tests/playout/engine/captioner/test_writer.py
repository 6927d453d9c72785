"""Captions of a live, written from its sound."""

from pathlib import Path

import numpy as np

from media.captions.decode import decode
from media.captions.encode import time_of
from media.captions.track import TRIPLET_BYTES, CaptionPacket
from media.speech.fake import FakeRecognizer
from media.speech.words import SPEECH_RATE
from playout.engine.captioner.writer import ERASED_AFTER, NOTICE, LiveCaptions
from playout.engine.links.caption_names import CaptionNamesFile, KnownNames

BLOCK = SPEECH_RATE // 10


def sound(length: float, *bursts: float) -> np.ndarray:
    """Silence with half a second of sound at each of `bursts`, in seconds."""
    made = np.zeros(round(length * SPEECH_RATE), np.float32)
    for burst in bursts:
        made[round(burst * SPEECH_RATE) : round((burst + 0.5) * SPEECH_RATE)] = 0.5
    return made


def heard(captions: LiveCaptions, made: np.ndarray) -> list[bytes]:
    """What each tenth of a second brought."""
    return [captions.hear(made[at : at + BLOCK]) for at in range(0, len(made), BLOCK)]


def rows(triplets: bytes) -> list[str]:
    pieces = [triplets[at : at + 3] for at in range(0, len(triplets), TRIPLET_BYTES)]
    packets = [CaptionPacket(time_of(slot), piece) for slot, piece in enumerate(pieces)]
    return [cue.text for cue in decode(packets).get("CC1", ())]


def test_a_live_begins_with_the_notice_that_no_person_wrote_its_captions() -> None:
    said = b"".join(heard(LiveCaptions(FakeRecognizer()), sound(10, 2)))

    assert rows(said) == [NOTICE, "Aye."]


def test_words_after_a_pause_begin_a_row() -> None:
    said = b"".join(heard(LiveCaptions(FakeRecognizer()), sound(20, 2, 3, 9)))

    assert rows(said) == [NOTICE, "Aye. Aye.", "Aye."]


def test_after_a_long_silence_the_screen_is_cleared_once() -> None:
    blocks = heard(LiveCaptions(FakeRecognizer()), sound(40, 2))
    last = [block for block in blocks if block]

    assert last[-1] == b"\xfc\x94\x2c" * 2 and len(last) == 2
    assert blocks.index(last[-1]) / 10 >= 2 + ERASED_AFTER


def test_silence_brings_nothing() -> None:
    assert not any(heard(LiveCaptions(FakeRecognizer()), sound(30)))


def test_a_name_that_staff_add_while_a_live_goes_on_is_written_from_then_on(
    tmp_path: Path,
) -> None:
    names = CaptionNamesFile(tmp_path)
    captions = LiveCaptions(FakeRecognizer("Krause"), KnownNames(tmp_path).now)
    before = b"".join(heard(captions, sound(10, 2)))
    names.want(["Kraus"])
    after = b"".join(heard(captions, sound(10, 2)))

    assert (rows(before), rows(before + after)[-1]) == ([NOTICE, "Krause"], "Kraus")


def test_names_of_the_station_are_written_as_it_writes_them() -> None:
    said = b"".join(heard(LiveCaptions(FakeRecognizer("Krause"), lambda: ["Kraus"]), sound(10, 2)))

    assert rows(said) == [NOTICE, "Kraus"]
