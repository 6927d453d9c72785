"""Roll-up captions of words as they are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.captions.codes import COLUMNS
from media.captions.decode import decode
from media.captions.encode import time_of
from media.captions.roll_up import RollUp
from media.captions.track import TRIPLET_BYTES, CaptionPacket


def shown(triplets: bytes) -> list[str]:
    """Return the rows that a decoder shows of triplets sent one a picture, in order."""
    pieces = [triplets[at : at + 3] for at in range(0, len(triplets), TRIPLET_BYTES)]
    packets = [CaptionPacket(time_of(slot), piece) for slot, piece in enumerate(pieces)]
    cues = decode(packets, until=time_of(len(packets) + 30)).get("CC1", ())
    return [cue.text for cue in cues]


def test_words_join_the_last_row_while_they_fit() -> None:
    assert shown(RollUp().say(["All", "in", "favor", "say", "aye."])) == ["All in favor say aye."]


def test_a_word_that_does_not_fit_begins_a_row() -> None:
    rows = shown(RollUp().say(["The", "City", "Council", "will", "now", "come", "to", "order."]))

    assert rows == ["The City Council will now come", "to order."]


def test_words_said_later_go_on_in_the_same_row() -> None:
    roll = RollUp()

    assert shown(roll.say(["The", "motion"]) + roll.say(["carries."])) == ["The motion carries."]


@pytest.mark.parametrize("end", [RollUp.new_row, RollUp.erase])
def test_after_a_pause_or_a_cleared_screen_a_row_begins(end) -> None:
    roll = RollUp()
    first = roll.say(["Aye."])
    cleared = end(roll) or b""

    assert shown(first + cleared + roll.say(["No."])) == ["Aye.", "No."]


def test_letters_of_other_languages_are_written() -> None:
    assert shown(RollUp().say(["¿Cuándo", "mañana?", "Señor", "Núñez", "Ü"])) == [
        "¿Cuándo mañana? Señor Núñez Ü"
    ]


@given(st.lists(st.text("abcé¿—Ü", min_size=1, max_size=40), max_size=30))
def test_no_letter_is_lost_and_no_row_is_too_long(words: list[str]) -> None:
    rows = shown(RollUp().say(words))

    assert "".join(rows).replace(" ", "") == "".join(words)
    assert all(len(row) <= COLUMNS for row in rows)


def test_two_equal_characters_are_parted_so_that_no_decoder_takes_them_for_one() -> None:
    said = RollUp().say(["♪♪♪"])
    pairs = [said[at : at + 3] for at in range(0, len(said), TRIPLET_BYTES)]

    assert shown(said) == ["♪♪♪"]
    assert all(len({*pairs[at : at + 3]}) > 1 for at in range(len(pairs) - 2))
