"""Pieces and chapters as text that people type: one a line.

0:00:10:00 - 0:05:00:00         a piece, from its first picture to its last one
0:00:10:00 Roll call            a chapter, by its first picture
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from playout.model.pieces import Piece
from scheduler.domain.library.cuts import Chapter, place_words, read_place


class NotAPlaceError(ValueError):
    """A line that names no place; the text says which, and what to write."""


def pieces_text(pieces: Iterable[Piece], rate: Fraction | None) -> str:
    """Write pieces, one a line."""
    return "\n".join(
        f"{place_words(first, rate)} - {place_words(after - 1, rate)}" for first, after in pieces
    )


def read_pieces(text: str, rate: Fraction | None) -> tuple[Piece, ...]:
    """Return the pieces of a text. Raises NotAPlaceError."""
    return tuple(_piece(line, rate) for line in _lines(text))


def _piece(line: str, rate: Fraction | None) -> Piece:
    first, dash, last = line.replace("\N{EN DASH}", "-").partition("-")
    places = read_place(first, rate), read_place(last, rate)
    if not dash or places[0] is None or places[1] is None:
        raise NotAPlaceError(f"“{line[:60]}” is no piece. Write 0:00:10:00 - 0:05:00:00.")
    return places[0], places[1] + 1


def chapters_text(chapters: Sequence[Chapter], rate: Fraction | None) -> str:
    """Write chapters, one a line."""
    return "\n".join(f"{place_words(one.frame, rate)} {one.name}" for one in chapters)


def read_chapters(text: str, rate: Fraction | None) -> tuple[Chapter, ...]:
    """Return the chapters of a text. Raises NotAPlaceError."""
    return tuple(_chapter(line, rate) for line in _lines(text))


def _chapter(line: str, rate: Fraction | None) -> Chapter:
    place, _, name = line.partition(" ")
    frame = read_place(place, rate)
    if frame is None:
        raise NotAPlaceError(f"“{line[:60]}” is no chapter. Write 0:00:10:00 Roll call.")
    return Chapter(frame, name.strip())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
