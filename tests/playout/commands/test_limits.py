"""The limits of what may be ordered: server and host refuse the same, in the same words."""

from datetime import UTC, datetime, timedelta

import pytest

from playout.commands.limits import (
    LONGEST_BY_HAND,
    MOST_EXTENSION_MINUTES,
    MOST_MESSAGE_CHARACTERS,
    end_fault,
    extension_fault,
    message_fault,
)

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("minutes", "allowed"),
    [
        (None, False),
        (0, False),
        (1, True),
        (MOST_EXTENSION_MINUTES, True),
        (MOST_EXTENSION_MINUTES + 1, False),
    ],
)
def test_an_extension_has_one_to_six_hundred_minutes(minutes: int | None, allowed: bool) -> None:
    assert (extension_fault(minutes) is None) == allowed


@pytest.mark.parametrize(
    ("until", "allowed"),
    [
        (None, False),
        (NOW, False),
        (NOW + SECOND, True),
        (NOW + LONGEST_BY_HAND, True),
        (NOW + LONGEST_BY_HAND + SECOND, False),
    ],
)
def test_what_is_put_on_by_hand_ends_within_twelve_hours(
    until: datetime | None, allowed: bool
) -> None:
    assert (end_fault(until, NOW) is None) == allowed


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "Write the message that viewers will read."),
        (1, None),
        (MOST_MESSAGE_CHARACTERS, None),
        (MOST_MESSAGE_CHARACTERS + 1, "Use up to 300 characters for the message."),
    ],
)
def test_a_message_has_one_to_three_hundred_characters(length: int, words: str | None) -> None:
    assert message_fault("x" * length) == words
