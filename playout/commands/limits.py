"""Limits of what operators may order, checked by the server before it sends and by the host.

Each check returns the sentence of the refusal, or None. Both sides use it, so that a page never
promises what the broadcast machine then refuses.
"""

from datetime import datetime, timedelta

from playout.model.graphics import Crawl, LowerThird

EXPIRES_AFTER = timedelta(seconds=10)
"""A command not obeyed within this time is refused: whoever pressed has seen the air go on."""
MOST_EXTENSION_MINUTES = 600
LONGEST_BY_HAND = timedelta(hours=12)
"""The longest override or emergency message; plan an airing for more, or give it again."""
MOST_MINUTES_BY_HAND = int(LONGEST_BY_HAND / timedelta(minutes=1))
MOST_MESSAGE_CHARACTERS = 300
"""The longest emergency message: viewers cannot read more."""
SHORTEST_LOWER_THIRD, LONGEST_LOWER_THIRD = timedelta(seconds=2), timedelta(minutes=5)
UNTIL_TAKEN_OFF = LONGEST_BY_HAND
"""Time of a lower third that stays until somebody takes it off, or its program ends."""
TOO_LONG_A_MESSAGE = f"Use up to {MOST_MESSAGE_CHARACTERS} characters for the message."
MINUTES_NEEDED = f"Enter how many minutes, 1 to {MOST_EXTENSION_MINUTES}."


def extension_fault(minutes: int | None) -> str | None:
    """Return why an item cannot be given this many minutes more, or None."""
    return None if minutes and 1 <= minutes <= MOST_EXTENSION_MINUTES else MINUTES_NEEDED


def end_fault(until: datetime | None, now: datetime) -> str | None:
    """Return why an override or a message cannot last until this instant (UTC), or None."""
    if until is None or until <= now:
        return "Choose an end time in the future."
    if until - now > LONGEST_BY_HAND:
        return "Choose a time within the next twelve hours."
    return None


def message_fault(text: str) -> str | None:
    """Return why this text, already on one line, is no emergency message, or None."""
    if not text:
        return "Write the message that viewers will read."
    return None if len(text) <= MOST_MESSAGE_CHARACTERS else TOO_LONG_A_MESSAGE


def graphic_fault(graphic: LowerThird | Crawl, now: datetime) -> str | None:
    """Return why this graphic cannot be shown at `now`, or None."""
    if isinstance(graphic, Crawl):
        if not graphic.text.strip():
            return "Write the text of the crawl."
        if graphic.times == 0 and graphic.ends is None:
            return "Enter how often the crawl passes, or when it ends."
        return end_fault(graphic.ends, now) if graphic.ends is not None else None
    if not graphic.first.strip():
        return "Write the first line of the lower third."
    if graphic.shown_for == UNTIL_TAKEN_OFF:
        return None
    if not SHORTEST_LOWER_THIRD <= graphic.shown_for <= LONGEST_LOWER_THIRD:
        return "A lower third is shown for 2 seconds to 5 minutes."
    return None
