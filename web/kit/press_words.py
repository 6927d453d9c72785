"""The words for an operator's presses, the same on buttons, in reports and in histories."""

from collections.abc import Mapping

from playout.model.commands import Verb
from scheduler.domain.reported.aired import ButtonPress

BUTTON_WORDS: Mapping[str, str] = {
    Verb.TAKE: "Take next", Verb.SKIP: "Skip", Verb.SLATE: "Slate", Verb.REJOIN: "Rejoin",
    Verb.GO: "Start the meeting", Verb.HOLD: "Hold", Verb.ADJOURN: "Adjourn",
    Verb.RECESS: "Recess", Verb.RESUME: "Resume", Verb.MARK: "Start replays from here",
    Verb.UNMARK: "Clear replay start",
}  # fmt: skip
"""The word on the button of each verb; that of more time gives its minutes instead."""
_ELSEWHERE: Mapping[str, str] = {
    Verb.OVERRIDE: "Source put on air", Verb.EMERGENCY: "Emergency message",
    Verb.CLEAR: "Emergency message taken down", Verb.EXTEND: "More time",
    Verb.GRAPHIC: "Graphic shown", Verb.HIDE_LOWER_THIRD: "Lower third taken down",
    Verb.STOP_CRAWL: "Crawl stopped", Verb.BUG_ON: "Bug on", Verb.BUG_OFF: "Bug off",
    Verb.MOVE: "Moved to the other machine",
}  # fmt: skip
"""The words of verbs given on a page of their own, and of more time without minutes."""


def verb_word(verb: str, minutes: int | None = None) -> str:
    """Return the word on the button of a verb: `Skip`, or `+15 min`."""
    return f"+{minutes} min" if minutes else BUTTON_WORDS.get(verb) or _ELSEWHERE[verb]


def press_words(press: ButtonPress) -> str:
    """Describe a press with what it was about: `+15 min: City Council`."""
    if press.verb is Verb.EMERGENCY:
        return f"{verb_word(press.verb)} “{press.title}”"
    word = verb_word(press.verb, press.minutes)
    return f"{word}: {press.title}" if press.title else word
