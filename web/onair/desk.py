"""The view of one channel for the On air page, computed from the on-air query."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playout.model.commands import Question, Verb
from playout.model.plan import ContentKind, Outcome
from playout.model.rundown import Cue
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.model.channel import Channel
from scheduler.domain.reported.aired import AiredPiece as Aired
from scheduler.domain.reported.states import run_words
from scheduler.queries.button_effects import ButtonEffects
from scheduler.queries.displaced import DisplacedAiring
from scheduler.queries.onair import CommandStatus, OnAir
from web.kit import words
from web.kit.press_words import BUTTON_WORDS, verb_word
from web.onair.buttons import Button, buttons, is_by_hand, title_of
from web.onair.health import health
from web.onair.live_buttons import back_to_meeting
from web.onair.live_part import LivePart, live_part
from web.onair.strip import Strip, StripPiece, draw
from web.onair.time_left import Count, count_of, until_of

DONE_SHOWN_FOR, REFUSED_SHOWN_FOR = timedelta(seconds=6), timedelta(seconds=30)
"""How long a button shows the result of its press: done, or refused."""
AIRED_WELL = frozenset({Outcome.AIRED, Outcome.JOINED})


@dataclass(frozen=True)
class PressResult:
    """The line that says what became of a command."""

    text: str
    refused: bool


@dataclass(frozen=True)
class Desk:
    """One channel on the On air page."""

    channel: Channel
    heard: bool
    met: bool
    """True once a broadcast machine has reported on this channel."""
    silence: str
    mode: str
    until: str
    """The end of what is on, in words."""
    count: Count | None
    """The moment that the page counts down to; None where it is not known, or days away."""
    now: Cue
    title: str
    coming: tuple[Cue, ...]
    buttons: tuple[Button, ...]
    answers: tuple[PressResult, ...]
    health: tuple[tuple[str, str], ...]
    strip: Strip
    live: LivePart | None
    """Times, source and buttons of a live; None while none is on."""
    asks: tuple[Question, ...]
    """The broadcast machine's questions to staff, the most urgent first."""
    gone: tuple[DisplacedAiring, ...]
    """Displaced programs, each with its next free time."""
    rev: str
    """Digest of the view; it changes when anything but passing time has changed."""

    @property
    def controls(self) -> tuple[Button, ...]:
        """Every button, those of the live first."""
        return (*(self.live.buttons if self.live else ()), *self.buttons)


def desk(
    on: OnAir,
    planned: tuple[AiringView, ...],
    ran: tuple[Aired, ...],
    evening: ButtonEffects,
    gone: tuple[DisplacedAiring, ...],
    now: datetime,
) -> Desk:
    """Return the channel as the page shows it."""
    channel = on.channel
    live, acts = _controls(on, live_part(on, planned, evening, now), evening, now)
    answers = tuple(_answer(command, on) for command in on.commands[:2])
    asks = on.status.questions if on.status is not None and on.state == "on air" else ()
    line = health(on, planned, now)
    strip = draw(_planned(planned), _ran(ran, on, now), now, channel.tz)
    state = (on.cue, on.next, on.state, answers, line, acts, live, asks, gone, now.minute)
    return Desk(
        channel=channel,
        heard=on.state == "on air",
        met=on.state != "never",
        silence=_silence(on, now),
        mode=_mode(on.cue),
        until=until_of(on, live, now),
        count=count_of(on, now),
        now=on.cue,
        title=title_of(on.cue),
        coming=on.next,
        buttons=acts,
        answers=answers,
        health=line,
        strip=strip,
        live=live,
        asks=asks,
        gone=gone,
        rev=hashlib.sha256(repr(state).encode()).hexdigest()[:16],
    )


def _controls(
    on: OnAir, live: LivePart | None, evening: ButtonEffects, now: datetime
) -> tuple[LivePart | None, tuple[Button, ...]]:
    """Return the live part and the other buttons, each with the result of its last press."""
    usual = buttons(on, evening)
    if live is None:
        return None, with_press_results(
            (*back_to_meeting(on, evening.by), *usual), on.commands, now
        )
    acts, count = (
        with_press_results((*live.buttons, *usual[2:]), on.commands, now),
        len(live.buttons),
    )
    return replace(live, buttons=acts[:count]), acts[count:]


def _mode(cue: Cue) -> str:
    """Say what an operator put on; empty while the schedule runs."""
    if not is_by_hand(cue):
        return ""
    return "slate by hand" if cue.kind is ContentKind.SLATE else "on air by hand"


def _silence(on: OnAir, now: datetime) -> str:
    if on.state == "never" or on.heard_at is None:
        return "no broadcast machine has reported yet"
    return f"the broadcast machine has been silent for {words.about(now - on.heard_at)}"


def _answer(command: CommandStatus, on: OnAir) -> PressResult:
    at = words.clock(command.issued, on.channel.tz, seconds=True)
    what = f"{at} {command.actor}: {verb_word(command.verb, command.minutes)}"
    outcome = {
        "waiting": "on its way to the broadcast machine",
        "accepted": "done",
        "refused": "refused",
        "unanswered": "not confirmed: the broadcast machine did not answer within ten seconds",
    }[command.answer]
    reason = f". {command.reason}" if command.reason else ""
    return PressResult(f"{what}: {outcome}{reason}", command.answer in _NOT_DONE)


Press = tuple[str, int | None]
"""Identity of a button: the verb, and its minutes."""


def with_press_results(
    acts: Sequence[Button], commands: Sequence[CommandStatus], now: datetime
) -> tuple[Button, ...]:
    """Return the buttons of a channel with the result of each recent press written on them.

    A press may take its own button away. The button that takes its place then shows the result:
    after Recess, Resume appears under the operator's thumb and says "Recess: done". Where no other
    button takes its place, a disabled one holds it for these seconds, so that no button moves under
    a thumb.
    """
    present = frozenset(_press_of(act) for act in acts)
    return (*(_said(act, present, commands, now) for act in acts), *_left(present, commands, now))


def _said(
    act: Button, present: frozenset[Press], commands: Sequence[CommandStatus], now: datetime
) -> Button:
    for command in commands:
        own, press = _press_of(act), (command.verb, command.minutes)
        if press != own and (
            press in present or act.verb not in _IN_PLACE_OF.get(command.verb, ())
        ):
            continue
        if not is_fresh(command, now):
            return act
        result = _IN_ITS_PLACE[command.answer]
        if press != own:
            result = f"{BUTTON_WORDS[command.verb]}: {result[0].lower()}{result[1:]}"
        return replace(act, result=result, waits=press == own and command.answer == "waiting")
    return act


def _left(
    present: frozenset[Press], commands: Sequence[CommandStatus], now: datetime
) -> tuple[Button, ...]:
    """Return a placeholder for the button pressed last if it is gone and none replaced it."""
    command = commands[0] if commands else None
    if (
        command is None
        or not (command.minutes or command.verb in BUTTON_WORDS)
        or not is_fresh(command, now)
    ):
        return ()
    instead = {(verb.value, None) for verb in _IN_PLACE_OF.get(command.verb, ())}
    if (command.verb, command.minutes) in present or instead & present:
        return ()
    verb, minutes = Verb(command.verb), command.minutes
    word, key = verb_word(verb, minutes), f"{command.verb}-{minutes}" if minutes else command.verb
    result = _IN_ITS_PLACE[command.answer]
    return (Button(verb, word, "", "", "", "", False, key, minutes, result=result),)


def _press_of(act: Button) -> Press:
    return act.verb.value, act.minutes


def is_fresh(command: CommandStatus, now: datetime) -> bool:
    """Return whether the result of a press is still shown."""
    shown_for = REFUSED_SHOWN_FOR if command.answer in _NOT_DONE else DONE_SHOWN_FOR
    return now - command.issued <= shown_for


_IN_PLACE_OF: dict[str, tuple[Verb, ...]] = {
    Verb.RECESS: (Verb.RESUME,),
    Verb.RESUME: (Verb.RECESS,),
    Verb.ADJOURN: (Verb.RESUME,),
}
"""The buttons that replace a verb's own button once it was pressed."""
_NOT_DONE = ("refused", "unanswered")
_IN_ITS_PLACE = {
    "waiting": "Sending…",
    "accepted": "Done",
    "refused": "Refused: see above",
    "unanswered": "No answer in 10 s",
}


def _planned(views: tuple[AiringView, ...]) -> list[StripPiece]:
    return [StripPiece(view.airing.title, view.airing.start, view.airing.end) for view in views]


def _ran(ran: tuple[Aired, ...], on: OnAir, now: datetime) -> list[StripPiece]:
    pieces = [
        StripPiece(
            one.run.title,
            one.start,
            one.end,
            one.run.item is not None and not one.running and one.run.outcome not in AIRED_WELL,
            "" if one.running else f"({run_words(one.run)})",
        )
        for one in ran
    ]
    if on.state == "on air" and on.cue.start < now:
        begin = max([on.cue.start, *(piece.end for piece in pieces)])
        if begin < now:
            pieces.append(StripPiece(title_of(on.cue), begin, now))
    return _merged(pieces)


def _merged(pieces: list[StripPiece]) -> list[StripPiece]:
    """Join neighbours of one title into one piece, and slivers of filler into one stretch."""
    merged: list[StripPiece] = []
    for piece in sorted(pieces, key=lambda p: p.start):
        last = merged[-1] if merged else None
        near = last is not None and piece.start - last.end < timedelta(seconds=2)
        if last is not None and near and last.title == piece.title and last.bad == piece.bad:
            merged[-1] = StripPiece(last.title, last.start, piece.end, last.bad, last.note)
        else:
            merged.append(piece)
    return merged
