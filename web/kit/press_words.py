"""The words for what an operator pressed, the same on buttons, in reports and in histories."""

from collections.abc import Mapping

from playout.model.commands import Verb
from scheduler.domain.reported.aired import Press

BUTTON_WORDS: Mapping[str, str] = {
    Verb.TAKE: "Take next", Verb.SKIP: "Skip", Verb.SLATE: "Slate", Verb.REJOIN: "Rejoin",
    Verb.GO: "Start the meeting", Verb.HOLD: "Hold", Verb.ADJOURN: "Adjourn",
    Verb.RECESS: "Recess", Verb.RESUME: "Resume", Verb.MARK: "Start replays from here",
    Verb.UNMARK: "Clear replay start",
}  # fmt: skip
"""What stands on the button of each verb; more time says how much."""
_ELSEWHERE: Mapping[str, str] = {
    Verb.OVERRIDE: "Source put on air", Verb.EMERGENCY: "Emergency message",
    Verb.CLEAR: "Emergency message taken down", Verb.EXTEND: "More time",
}  # fmt: skip
"""The same of what is pressed on a page of its own, and of more time that names no minutes."""


def verb_word(verb: str, minutes: int | None = None) -> str:
    """What staff call a press: the word on its button, `Skip` or `+15 min`."""
    return f"+{minutes} min" if minutes else BUTTON_WORDS.get(verb) or _ELSEWHERE[verb]


def press_words(press: Press) -> str:
    """What was pressed: `+15 min: City Council`, `Emergency message “Boil water”`."""
    if press.verb is Verb.EMERGENCY:
        return f"{verb_word(press.verb)} “{press.title}”"
    word = verb_word(press.verb, press.minutes)
    return f"{word}: {press.title}" if press.title else word
