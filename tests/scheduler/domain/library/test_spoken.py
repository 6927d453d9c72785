"""The caption in which a search found its words."""

import pytest

from scheduler.domain.library.search import terms
from scheduler.domain.library.spoken import SpokenLine, line_found, stored_text

FOLDED, LINES = stored_text(
    [(1000, "Good  evening."), (2500, "♪"), (4000, "The storm-water\nfee"), (9000, "Élysée 4")]
)


def test_captions_without_a_word_are_left_out() -> None:
    assert FOLDED == "good evening\nthe storm water fee\nelysee 4"
    assert LINES == "1000 Good evening.\n4000 The storm-water fee\n9000 Élysée 4"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("good", SpokenLine(1000, "Good evening.")),
        ("storm", SpokenLine(4000, "The storm-water fee")),
        ('"evening the"', SpokenLine(1000, "Good evening.")),
        ("élys", SpokenLine(9000, "Élysée 4")),
        ("nothing fee", SpokenLine(4000, "The storm-water fee")),
        ("4", SpokenLine(9000, "Élysée 4")),
        ("ater", None),
        ('"wat"', None),
        ("", None),
    ],
)
def test_the_line_is_the_first_that_holds_a_term(typed: str, line: SpokenLine | None) -> None:
    assert line_found(FOLDED, LINES, terms(typed)) == line


def test_captions_without_words_hold_nothing() -> None:
    assert line_found("", "", terms("good")) is None
