"""The operator's buttons of one channel, each with its effect stated before it is pressed."""

from dataclasses import dataclass

from playout.commands.viewed import ViewedStretch
from playout.model.commands import Verb
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue
from scheduler.queries.button_effects import ButtonEffect, ButtonEffects
from scheduler.queries.onair import OnAir
from web.onair.promises import consequence, promised, shortly

UNKNOWN = ButtonEffect(refused="The plan on the broadcast machine is not known here yet.")
"""Effect of every button while the plan on the broadcast machine is not known."""


@dataclass(frozen=True)
class Button:
    """One button, its words and its effect."""

    verb: Verb
    word: str
    brief: str
    """One line under the button's word."""
    question: str
    consequence: str
    item: str = ""
    possible: bool = True
    key: str = ""
    """Distinguishes buttons of the same verb; where empty, the verb is the key."""
    minutes: int | None = None
    confirm: bool = True
    """False for what can be taken back at once and so needs no confirmation."""
    here: bool = False
    """True where replays would begin at the press; a running clock under the word shows the
    time."""
    result: str = ""
    """Result of its last press, shown for some seconds."""
    waits: bool = False
    """True until the broadcast machine answers its last press."""
    then: tuple[ViewedStretch, ...] = ()
    """What viewers would see from the press on; all the button's promises are made from it."""


def title_of(cue: Cue) -> str:
    """Return what staff call the cue; bulletins and the slate have no own title."""
    if cue.item is None and cue.kind is ContentKind.BOARD:
        return "Bulletins"
    if cue.kind is ContentKind.SLATE and cue.item is None:
        return "Slate"
    return cue.title


def is_by_hand(cue: Cue) -> bool:
    """Tell whether an operator put it on: the slate, a source, or a program before its time."""
    return cue.rank >= Rank.OVERRIDE


def buttons(on: OnAir, evening: ButtonEffects) -> tuple[Button, ...]:
    """Return Take next, Skip, Slate and Rejoin; those that can do nothing now are disabled."""
    on_air, by = on.state == "on air", evening.by
    slated = is_by_hand(on.cue) and on.cue.kind is ContentKind.SLATE
    covered = (
        f"Viewers see “{on.channel.slate_text}” immediately, without sound, until you press Rejoin."
    )
    slate, rejoin = by.get("slate", UNKNOWN), by.get("rejoin", UNKNOWN)
    back = shortly(rejoin.then, on.channel.tz)
    return (
        _take(on, by.get("take", UNKNOWN), on_air),
        _skip(on, by.get("skip", UNKNOWN), on_air),
        Button(
            Verb.SLATE,
            "Slate",
            "up now" if slated else "show the slate now",
            "Show the slate?",
            f"{covered} Nothing planned is shown until then.",
            possible=on_air and not slated,
            then=slate.then,
        ),
        Button(
            Verb.REJOIN,
            "Rejoin",
            (back or "back to the schedule") if is_by_hand(on.cue) else "on schedule already",
            "Go back to the schedule?",
            promised(rejoin.then, on.channel.tz) or UNKNOWN.refused,
            possible=on_air and is_by_hand(on.cue),
            then=rejoin.then,
        ),
    )


def _take(on: OnAir, effect: ButtonEffect, on_air: bool) -> Button:
    taken = on.next[0] if on.next else None
    if taken is None or taken.item is None:
        return Button(Verb.TAKE, "Take next", "nothing is next", "", "", possible=False)
    return Button(
        Verb.TAKE,
        "Take next",
        effect.refused or title_of(taken),
        f"Put {taken.title} on air now?",
        effects_text(on, effect),
        taken.item,
        on_air and not effect.refused,
        then=effect.then,
    )


def _skip(on: OnAir, effect: ButtonEffect, on_air: bool) -> Button:
    name = title_of(on.cue)
    return Button(
        Verb.SKIP,
        "Skip",
        effect.refused or f"end {name}" if on.cue.item else "nothing to skip",
        f"Skip {name}?",
        effects_text(on, effect),
        on.cue.item or "",
        on_air and on.cue.item is not None and not effect.refused,
        then=effect.then,
    )


def effects_text(on: OnAir, effect: ButtonEffect) -> str:
    """Say what viewers see after the press, then what changes for everything else."""
    zone = on.channel.tz
    then = effect.then[0].item if effect.then else None
    rest = consequence(effect.changes, zone, {then})
    return f"{promised(effect.then, zone)} {rest}".strip()
