"""Local names put right after they were heard."""

import pytest

from config.bounded import MOST_CAPTION_NAMES
from media.speech.names import names_of, with_names
from media.speech.words import SpokenWord

NAMES = ("Kraus", "Liberty Avenue", "Lavelle", "Hill")


def heard(text: str, sureness: float) -> str:
    words = [SpokenWord(n, n + 1, word, sureness) for n, word in enumerate(text.split())]
    return " ".join(word.text for word in with_names(words, NAMES))


@pytest.mark.parametrize(
    ("said", "sureness", "written"),
    [
        ("Councilman Krause, please", 0.4, "Councilman Kraus, please"),
        ("Councilman krauss's motion", 0.4, "Councilman Kraus's motion"),
        ("the kraus amendment", 0.9, "the Kraus amendment"),
        ("liberty avenue is closed", 0.9, "Liberty Avenue is closed"),
        ("give me liberty", 0.9, "give me liberty"),
        ("Councilman Lavell.", 0.5, "Councilman Lavelle."),
        ("over the hills", 0.9, "over the hills"),
        ("he will fill the hall", 0.3, "he will fill the hall"),
        ("a cross on the map", 0.4, "a cross on the map"),
        ("", 0.4, ""),
    ],
)
def test_what_sounds_like_a_name_is_written_as_the_list_writes_it(said, sureness, written) -> None:
    assert heard(said, sureness) == written


def test_times_and_the_number_of_words_stay() -> None:
    words = [SpokenWord(1.0, 1.4, "Krause,", 0.3), SpokenWord(1.5, 1.8, "aye")]
    put = with_names(words, NAMES)

    assert [(word.start, word.end) for word in put] == [(1.0, 1.4), (1.5, 1.8)]


def test_a_list_of_names_is_read_a_line_each_without_repetitions() -> None:
    assert names_of("Kraus\n\n  Liberty   Avenue \nKraus\n") == ("Kraus", "Liberty Avenue")


def test_a_list_that_is_too_long_is_cut() -> None:
    many = "\n".join(f"Name {n}" for n in range(MOST_CAPTION_NAMES + 5))

    assert len(names_of(many)) == MOST_CAPTION_NAMES
