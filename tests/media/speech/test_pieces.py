"""Sound cut into pieces at quiet moments."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from media.speech.fake import FakeRecognizer
from media.speech.pieces import PIECE_SECONDS, pieces, quietest_cut
from media.speech.words import SPEECH_RATE, recognized

NOISE = np.random.default_rng(1)


def loud(seconds: float) -> np.ndarray:
    return NOISE.uniform(-0.5, 0.5, round(seconds * SPEECH_RATE)).astype(np.float32)


def test_a_piece_is_cut_in_the_quietest_moment_near_its_end() -> None:
    sound = loud(PIECE_SECONDS)
    begin = (PIECE_SECONDS - 8) * SPEECH_RATE
    sound[begin : begin + SPEECH_RATE] = 0

    assert begin <= quietest_cut(sound) <= begin + SPEECH_RATE


def test_a_quiet_moment_long_before_the_end_is_not_taken() -> None:
    sound = loud(PIECE_SECONDS)
    sound[: 10 * SPEECH_RATE] = 0

    assert quietest_cut(sound) > (PIECE_SECONDS - 21) * SPEECH_RATE


@settings(max_examples=10)
@given(st.lists(st.integers(0, 40 * SPEECH_RATE), max_size=12))
def test_pieces_together_are_all_the_sound(sizes: list[int]) -> None:
    blocks = [np.arange(size, dtype=np.float32) for size in sizes]
    cut = list(pieces(blocks))

    assert sum(map(len, cut)) == sum(sizes)
    assert all(len(piece) <= PIECE_SECONDS * SPEECH_RATE for piece in cut)
    assert np.array_equal(np.concatenate([*cut, [0]]), np.concatenate([*blocks, [0]]))


def test_words_of_later_pieces_keep_their_times() -> None:
    sound = np.zeros(200 * SPEECH_RATE, np.float32)
    for second in (10, 150, 190):
        sound[second * SPEECH_RATE : (second + 1) * SPEECH_RATE] = 0.5
    heard = [w for piece in recognized(pieces([sound]), FakeRecognizer()) for w in piece]

    assert [round(word.start) for word in heard] == [10, 150, 190]
