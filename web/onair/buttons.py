"""The operator's buttons of one channel: what each does, said before it is pressed."""

from dataclasses import dataclass

from playout.commands.viewed import ViewedStretch
from playout.model.commands import Verb
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue
from scheduler.queries.button_effects import ButtonEffect, ButtonEffects
from scheduler.queries.onair import OnAir
from web.onair.promises import consequence, promised, shortly

UNKNOWN = ButtonEffect(refused="The plan on the broadcast machine is not known here yet.")
"""Said of every button while nobody can foresee anything."""


@dataclass(frozen=True)
class Button:
    """One button: what it does, said before it is pressed."""

    verb: Verb
    word: str
    brief: str
    """One line under the button's word."""
    question: str
    consequence: str
    item: str = ""
    possible: bool = True
    key: str = ""
    """Tells two buttons of one verb apart; the verb itself where empty."""
    minutes: int | None = None
    confirm: bool = True
    """False for what can be taken back at once: it is done at the first press."""
    here: bool = False
    """True where replays would begin at the press: the time goes on under the button's word."""
    result: str = ""
    """What became of its last press, for some seconds after it."""
    waits: bool = False
    """True while the broadcast machine has not answered its last press."""
    then: tuple[ViewedStretch, ...] = ()
    """What viewers see from the press on: all that the words promise is read from here."""


def title_of(cue: Cue) -> str:
    """What staff call it: the board and the slate have no title of their own."""
    if cue.item is None and cue.kind is ContentKind.BOARD:
        return "Bulletins"
    if cue.kind is ContentKind.SLATE and cue.item is None:
        return "Slate"
    return cue.title


def is_by_hand(cue: Cue) -> bool:
    """Whether an operator put it on: the slate, a source, or a program before its time."""
    return cue.rank >= Rank.OVERRIDE


def buttons(on: OnAir, evening: ButtonEffects) -> tuple[Button, ...]:
    """The four buttons, each with its consequence; those that can do nothing now are off."""
    there, by = on.state == "on air", evening.by
    slated = is_by_hand(on.cue) and on.cue.kind is ContentKind.SLATE
    covered = (
        f"Viewers see “{on.channel.slate_text}” immediately, without sound, until you press Rejoin."
    )
    slate, rejoin = by.get("slate", UNKNOWN), by.get("rejoin", UNKNOWN)
    back = shortly(rejoin.then, on.channel.tz)
    return (
        _take(on, by.get("take", UNKNOWN), there),
        _skip(on, by.get("skip", UNKNOWN), there),
        Button(
            Verb.SLATE,
            "Slate",
            "up now" if slated else "show the slate now",
            "Show the slate?",
            f"{covered} Nothing planned is shown until then.",
            possible=there and not slated,
            then=slate.then,
        ),
        Button(
            Verb.REJOIN,
            "Rejoin",
            (back or "back to the schedule") if is_by_hand(on.cue) else "on schedule already",
            "Go back to the schedule?",
            promised(rejoin.then, on.channel.tz) or UNKNOWN.refused,
            possible=there and is_by_hand(on.cue),
            then=rejoin.then,
        ),
    )


def _take(on: OnAir, found: ButtonEffect, there: bool) -> Button:
    taken = on.next[0] if on.next else None
    if taken is None or taken.item is None:
        return Button(Verb.TAKE, "Take next", "nothing is next", "", "", possible=False)
    return Button(
        Verb.TAKE,
        "Take next",
        found.refused or title_of(taken),
        f"Put {taken.title} on air now?",
        effects_text(on, found),
        taken.item,
        there and not found.refused,
        then=found.then,
    )


def _skip(on: OnAir, found: ButtonEffect, there: bool) -> Button:
    name = title_of(on.cue)
    return Button(
        Verb.SKIP,
        "Skip",
        found.refused or f"end {name}" if on.cue.item else "nothing to skip",
        f"Skip {name}?",
        effects_text(on, found),
        on.cue.item or "",
        there and on.cue.item is not None and not found.refused,
        then=found.then,
    )


def effects_text(on: OnAir, found: ButtonEffect) -> str:
    """What viewers see then, and what becomes of everything else."""
    zone = on.channel.tz
    then = found.then[0].item if found.then else None
    rest = consequence(found.changes, zone, {then})
    return f"{promised(found.then, zone)} {rest}".strip()
