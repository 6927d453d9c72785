"""Which captions say words: one rule for the bus, the relay and automatic captions."""

import pytest

from playout.engine.captions.words import WordEar

ERASE = "fc942c fc942c fc94ae fc94ae"
XDS_TITLE = "fd0103 fdc3ef fd75ee fd8f6a"


@pytest.mark.parametrize(
    ("captions", "words"),
    [
        ("", 0),
        ("fc8080 fd8080 fa0000", 0),
        (ERASE, 0),
        ("fc9420 fc9420 fc9470 fcc1c2 fcc180 fc942f", 2),
        ("fd15a5 fd15a5 fdc1c2", 1),
        (XDS_TITLE, 0),
        ("fd0103 fdc3ef fc9426 fcc1c2", 1),
        ("fd0103 fd15a5 fdc1c2", 1),
        (XDS_TITLE + "fdc1c2", 1),
        ("ff0221 fe0000", 1),
        ("fe0000", 0),
    ],
)
def test_words_are_characters_and_packets_and_never_data_about_the_program(
    captions: str, words: int
) -> None:
    assert WordEar().count(bytes.fromhex(captions)) == words


def test_data_about_the_program_goes_on_from_one_picture_to_the_next() -> None:
    ear = WordEar()
    pictures = ["fd0103", "fdc3ef", "fd8080", "fd75ee", "fd8f6a", "fdc1c2"]

    assert [ear.count(bytes.fromhex(one)) for one in pictures] == [0, 0, 0, 0, 0, 1]
