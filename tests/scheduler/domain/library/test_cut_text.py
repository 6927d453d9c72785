"""Pieces and chapters as people type them."""

from fractions import Fraction

import pytest

from scheduler.domain.library.cut_text import (
    NotAPlaceError,
    chapters_text,
    pieces_text,
    read_chapters,
    read_pieces,
)
from scheduler.domain.library.cuts import Chapter

NTSC = Fraction(30000, 1001)
PIECES = ((300, 1200), (3000, 6000))
CHAPTERS = (Chapter(300, "Roll call"), Chapter(3000, "Budget: first reading"))


def test_what_is_written_is_read_again() -> None:
    assert read_pieces(pieces_text(PIECES, NTSC), NTSC) == PIECES
    assert read_chapters(chapters_text(CHAPTERS, NTSC), NTSC) == CHAPTERS


def test_a_piece_ends_with_its_last_picture() -> None:
    assert pieces_text(((0, 30),), NTSC) == "0:00:00:00 - 0:00:00:29"


@pytest.mark.parametrize("typed", ["\n 10:00-0:00:20:00 \n\n", "0:00:10:00 – 0:00:20:00"])
def test_lines_may_be_typed_loosely(typed: str) -> None:
    assert read_pieces(typed, NTSC) == ((300, 601),)


@pytest.mark.parametrize("typed", ["0:00:10:00", "a - b", "0:00:10:00 -", "10 - 20"])
def test_a_line_that_is_no_piece_is_quoted(typed: str) -> None:
    with pytest.raises(NotAPlaceError, match="is no piece. Write 0:00:10:00"):
        read_pieces(typed, NTSC)


@pytest.mark.parametrize("typed", ["Roll call", "10 Roll call"])
def test_a_line_that_is_no_chapter_is_quoted(typed: str) -> None:
    with pytest.raises(NotAPlaceError, match="is no chapter"):
        read_chapters(typed, NTSC)
