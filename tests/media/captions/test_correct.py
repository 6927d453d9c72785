"""Captions corrected line by line: what changes, what stays, and what is refused."""

import sys
from datetime import timedelta

import pytest

from media.captions.correct import (
    MOST_LETTERS,
    RECODED,
    LineChanged,
    LineCorrection,
    corrected,
    recoded,
    rows_of,
    tidy,
)
from media.captions.cue import CaptionCue, laid_out
from media.captions.encode import encode
from media.captions.facts import CaptionFacts, CaptionOrigin, facts_of, readable
from media.captions.track import CaptionError

LENGTH = timedelta(minutes=1)


def listed(*said: tuple[float, float, str], top: bool = False) -> tuple[CaptionCue, ...]:
    """Return captions as a page lists them: encoded and read back."""
    cues = [
        cue
        for begin, end, text in said
        for cue in laid_out(round(begin * 1e6), round(end * 1e6), text.split("\n"), top=top)
    ]
    return readable(encode(cues), LENGTH)


def facts(cues: tuple[CaptionCue, ...], origin: CaptionOrigin) -> CaptionFacts:
    found = facts_of(encode(cues), origin, LENGTH, "en")
    assert found is not None
    return found


THREE = listed((3, 5, "The clerk will cull\nitem four,"), (6, 8, "Aye."), (20, 22, "Aye."))


@pytest.mark.parametrize(
    ("place", "after", "words"),
    [
        (0, "The clerk will call\nitem 4,", ["The clerk will call\nitem 4,", "Aye.", "Aye."]),
        (1, "No.", ["The clerk will cull\nitem four,", "No.", "Aye."]),
        (2, "Nay.", ["The clerk will cull\nitem four,", "Aye.", "Nay."]),
        (1, "", ["The clerk will cull\nitem four,", "Aye."]),
    ],
)
def test_one_caption_changes_and_all_keep_their_times_on_air(place, after, words):
    line = LineCorrection(THREE[place].begin, rows_of(THREE[place]), after)
    cues = corrected(THREE, line)
    track, made = recoded(cues, facts(THREE, CaptionOrigin.SRT), LENGTH)
    aired = readable(track, LENGTH)

    left = [cue for cue in THREE if after or cue is not THREE[place]]
    assert [rows_of(cue) for cue in aired] == words
    assert [(cue.begin, cue.end) for cue in aired] == [(cue.begin, cue.end) for cue in left]
    assert (made.count, made.language, made.notes) == (len(words), "en", ())


def test_a_hundred_corrections_move_no_caption():
    cues = THREE
    for turn in range(100):
        line = LineCorrection(cues[1].begin, rows_of(cues[1]), f"Aye {turn}.")
        track, _ = recoded(corrected(cues, line), facts(cues, CaptionOrigin.VTT), LENGTH)
        cues = readable(track, LENGTH)

    assert [(cue.begin, cue.end) for cue in cues] == [(cue.begin, cue.end) for cue in THREE]


def test_two_people_correct_two_lines_from_the_same_page():
    first = corrected(THREE, LineCorrection(THREE[0].begin, rows_of(THREE[0]), "Call."))
    both = corrected(first, LineCorrection(THREE[1].begin, "Aye.", "No."))

    assert [rows_of(cue) for cue in both] == ["Call.", "No.", "Aye."]


def test_a_line_that_somebody_else_changed_is_refused_with_what_stands_there():
    first = corrected(THREE, LineCorrection(THREE[1].begin, "Aye.", "No."))
    with pytest.raises(LineChanged) as changed:
        corrected(first, LineCorrection(THREE[1].begin, "Aye.", "Nay."))
    gone = corrected(THREE, LineCorrection(THREE[2].begin, "Aye.", ""))
    with pytest.raises(LineChanged) as missing:
        corrected(gone, LineCorrection(THREE[2].begin, "Aye.", "Nay."))

    assert (changed.value.present, missing.value.present) == ("No.", "")


def test_captions_at_the_top_stay_there_and_untouched_ones_keep_their_place():
    high = listed((3, 5, "Mayor"), (6, 8, "Clerk"), top=True)
    cues = corrected(high, LineCorrection(high[0].begin, "Mayor", "The mayor"))

    assert cues[0].rows[0].row == 1
    assert cues[1].rows == high[1].rows


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  All   in favor \r\n\r\n say aye.\n", "All in favor\nsay aye."),
        ("Señor Peña – ♪", "Señor Peña - ♪"),
        ("a\u200bb", "ab"),
        ("\n \n", ""),
    ],
)
def test_typed_words_are_tidied(typed, stored):
    assert tidy(typed) == stored


def test_what_television_cannot_show_is_refused_by_name():
    with pytest.raises(CaptionError, match="“市”"):
        tidy("The 市 council")


def test_words_that_do_not_fit_four_rows_are_refused():
    line = LineCorrection(THREE[1].begin, "Aye.", "word " * (MOST_LETTERS // 5 + 2))
    with pytest.raises(CaptionError, match="4 rows of 32 characters"):
        corrected(THREE, line)


def test_the_last_caption_is_not_deleted_but_removed_with_the_track():
    only = listed((3, 5, "Aye."))
    cues = corrected(only, LineCorrection(only[0].begin, "Aye.", ""))
    with pytest.raises(CaptionError, match="last caption"):
        recoded(cues, facts(only, CaptionOrigin.SRT), LENGTH)


def test_what_a_correction_leaves_out_is_said_once_and_only_where_it_does():
    once = recoded(THREE, facts(THREE, CaptionOrigin.EMBEDDED_608), LENGTH)[1]
    twice = recoded(THREE, once, LENGTH)[1]
    plain = recoded(THREE, facts(THREE, CaptionOrigin.AUTOMATIC), LENGTH)[1]

    assert (once.notes, twice.notes, plain.notes) == ((RECODED,), (RECODED,), ())


def test_correcting_a_caption_takes_few_steps_for_each_pair_of_a_long_meeting() -> None:
    """Once it made a value of each pair, with its time as a fraction: seventy calls for each, two
    seconds for three hours.
    """
    words = "the motion to approve\nthe minutes carries"
    cues = listed(*((at, at + 2.8, words) for at in range(3, 900, 3)))
    known, calls = facts(cues, CaptionOrigin.SRT), 0

    def count(_frame: object, _event: str, _about: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        track, _ = recoded(cues, known, timedelta(minutes=15))
    finally:
        sys.setprofile(None)
    assert len(track) > 8_000
    assert calls < 20 * len(track)
