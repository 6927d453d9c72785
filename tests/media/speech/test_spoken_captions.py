"""Recognized words set as captions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.speech.captions import (
    ROW_LETTERS,
    ROWS,
    SHORTEST_SECONDS,
    SpokenCaption,
    rows_of,
    spoken_captions,
)
from media.speech.words import SpokenWord


def said(*words: tuple[float, float, str]) -> list[SpokenWord]:
    return [SpokenWord(start, end, text) for start, end, text in words]


def sentence(text: str, start: float = 0.0, each: float = 0.3) -> list[SpokenWord]:
    return [
        SpokenWord(start + n * each, start + (n + 1) * each, word)
        for n, word in enumerate(text.split())
    ]


def test_a_sentence_ends_its_caption_and_stays_until_the_next_begins() -> None:
    words = said((14.7, 16.2, "All in favor say aye."), (16.5, 18.4, "The motion carries."))
    captions = spoken_captions(words)

    assert captions[0] == SpokenCaption(14.7, 16.5, ("All in favor say aye.",))


def test_a_pause_begins_a_new_caption() -> None:
    captions = spoken_captions(said((0, 1, "the clerk"), (3, 4, "will call the roll")))

    assert [caption.rows for caption in captions] == [("the clerk",), ("will call the roll",)]


def test_a_short_word_stays_long_enough_to_be_read_where_nothing_follows() -> None:
    [caption] = spoken_captions(said((5.0, 5.2, "Aye.")))

    assert caption.end - caption.start == pytest.approx(SHORTEST_SECONDS)


def test_two_rows_are_about_equally_long() -> None:
    rows = rows_of(["an", "ordinance", "to", "repave", "Liberty", "Avenue"])

    assert rows == ("an ordinance to", "repave Liberty Avenue")


def test_a_word_longer_than_a_row_is_cut_and_not_lost() -> None:
    rows = rows_of(["x" * 70])

    assert "".join(rows) == "x" * 70 and all(len(row) <= ROW_LETTERS for row in rows)


WORDS = st.lists(
    st.tuples(st.floats(0, 2), st.floats(0.05, 2), st.text("abc.é'", min_size=1, max_size=20)),
    max_size=60,
)


@given(WORDS)
def test_no_word_is_lost_and_no_caption_overlaps_the_next(drawn: list[tuple[float, float, str]]):
    words, at = [], 0.0
    for pause, length, text in drawn:
        words.append(SpokenWord(at + pause, at + pause + length, text))
        at += pause + length
    captions = spoken_captions(words)

    assert " ".join(row for c in captions for row in c.rows) == " ".join(w.text for w in words)
    assert all(len(c.rows) <= ROWS for c in captions)
    assert all(a.end <= b.start for a, b in zip(captions, captions[1:], strict=False))
    assert all(c.start <= c.end for c in captions)


def test_captions_of_slow_speech_are_no_longer_than_six_seconds() -> None:
    captions = spoken_captions(sentence("one two three four five six seven eight", each=1.5))

    assert all(caption.end - caption.start <= 7.0 for caption in captions)
