"""The rules of cuts: places, pieces, chapters, leaving out and splitting."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from playout.model.pieces import Piece
from scheduler.domain.library.cuts import (
    MOST_CHAPTERS,
    Chapter,
    CutDraft,
    frames_of,
    leave_out,
    place_words,
    problems,
    read_place,
    split,
    tidied,
)

NTSC = Fraction(30000, 1001)
HEARING = CutDraft("Hearing", ((300, 1200), (3000, 6000)))


@pytest.mark.parametrize("rate", [NTSC, Fraction(25), Fraction(24000, 1001), Fraction(50), None])
def test_every_place_is_read_as_it_is_written(rate: Fraction | None) -> None:
    for frame in (*range(400), *range(107_880, 107_960), 431_567):
        assert read_place(place_words(frame, rate), rate) == frame


@pytest.mark.parametrize(
    ("typed", "frame"),
    [
        ("0:00:01:00", 30), ("0:00:10:00", 300), ("1:00:00:00", 107_893), ("10:05", 305),
        ("1:00:00", 1799), (" 0:00:10:05 ", 305), ("0:00:10.05", 305), ("0:00:10;05", 305),
        ("", None), ("10", None), ("0:00:60:00", None), ("0:60:00:00", None), ("0:00:01:30", None),
        ("-1:00", None), ("a:b:c:d", None), ("1:2:3:4:5", None), ("0:00:01:99", None),
    ],
)  # fmt: skip
def test_what_people_type_for_a_place(typed: str, frame: int | None) -> None:
    assert read_place(typed, NTSC) == frame


def test_a_length_in_frames_is_exact() -> None:
    assert frames_of(timedelta(seconds=1001), NTSC) == 30_000
    assert frames_of(timedelta(seconds=3), None) == 300


def test_a_sound_cut_has_no_problems() -> None:
    cut = replace(HEARING, chapters=(Chapter(300, "Roll call"), Chapter(3000, "Budget")))

    assert problems(tidied(cut), 9000, NTSC) == {}


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((), "Mark at least one piece"),
        (((0, 9001),), "Piece 1 ends after the file"),
        (((0, 300), (900, 600)), "Piece 2 ends before it begins"),
        (((0, 300), (600, 630)), "Piece 2 is shorter than 2 seconds"),
        (((0, 300), (600, 900), (200, 400)), "Pieces 1 and 3 overlap at 0:00:06:"),
        (tuple((n * 40, n * 40 + 10) for n in range(201)), "at most 200 pieces"),
    ],
)
def test_pieces_that_cannot_air_are_refused_in_words(pieces: tuple[Piece, ...], words: str) -> None:
    assert words in problems(CutDraft("Hearing", pieces), 9000, NTSC)["pieces"]


def test_pieces_may_be_in_any_order() -> None:
    assert problems(CutDraft("Highlights", ((3000, 6000), (0, 900))), 9000, NTSC) == {}


@pytest.mark.parametrize(
    ("chapter", "words"),
    [
        (Chapter(1200, "Recess"), "is in no piece"),
        (Chapter(300, ""), "a name of up to 120"),
        (Chapter(300, "x" * 121), "a name of up to 120"),
    ],
)
def test_chapters_that_cannot_be_kept_are_refused_in_words(chapter: Chapter, words: str) -> None:
    cut = replace(HEARING, chapters=(chapter,))

    assert words in problems(tidied(cut), 9000, NTSC)["chapters"]


def test_too_many_chapters_and_a_missing_title_are_refused() -> None:
    many = tuple(Chapter(300 + n, "x") for n in range(MOST_CHAPTERS + 1))

    assert set(problems(CutDraft("", HEARING.pieces, many), 9000, NTSC)) == {"title", "chapters"}


def test_a_draft_is_tidied() -> None:
    typed = CutDraft(
        " The\nhearing ", ((600, 900), (900, 1200), (0, 300)),
        (Chapter(10, "Last"), Chapter(700, " First\t")),
    )  # fmt: skip

    assert tidied(typed) == CutDraft(
        "The hearing", ((600, 1200), (0, 300)), (Chapter(700, "First"), Chapter(10, "Last"))
    )


@pytest.mark.parametrize(
    ("first", "after", "left"),
    [
        (500, 700, ((300, 500), (700, 1200), (3000, 6000))),
        (1000, 3500, ((300, 1000), (3500, 6000))),
        (300, 1200, ((3000, 6000),)),
        (0, 200, HEARING.pieces),
        (0, 9000, ()),
    ],
)
def test_leaving_out_parts_a_piece_in_two(first: int, after: int, left: tuple[Piece, ...]) -> None:
    assert leave_out(HEARING.pieces, first, after) == left


def test_a_cut_is_split_with_its_chapters() -> None:
    cut = replace(HEARING, chapters=(Chapter(300, "Roll call"), Chapter(4000, "Budget")))
    halves = split(cut, 4000)

    assert halves == (
        CutDraft("Hearing", ((300, 1200), (3000, 4000)), (Chapter(300, "Roll call"),)),
        CutDraft("Hearing", ((4000, 6000),), (Chapter(4000, "Budget"),)),
    )
    assert split(HEARING, 3000) == (
        CutDraft("Hearing", ((300, 1200),)),
        CutDraft("Hearing", ((3000, 6000),)),
    )


@pytest.mark.parametrize("frame", [300, 0, 1200, 2000, 6000])
def test_a_cut_is_not_split_where_one_half_would_be_empty(frame: int) -> None:
    assert split(HEARING, frame) is None
