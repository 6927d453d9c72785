"""The commands for graphics over the picture: a lower third, a crawl, the channel's bug."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from playout.commands.limits import graphic_fault
from playout.model.commands import Command, Verb
from playout.model.events import Event
from playout.model.graphic_events import BugSet, GraphicKind, Keyed, Unkeyed
from playout.model.graphics import Crawl, LowerThird
from playout.model.plan import ContentKind
from playout.state.air_state import CommandRefused, Situation


def _show(command: Command, air: Situation) -> tuple[Event, ...]:
    ordered = command.graphic
    if ordered is None:
        raise CommandRefused("Write what to show.")
    if fault := graphic_fault(ordered, air.now):
        raise CommandRefused(fault)
    over_slides = air.current.kind in (ContentKind.BOARD, ContentKind.SLATE)
    if isinstance(ordered, LowerThird) and over_slides:
        raise CommandRefused("A lower third lies over a program. No program is on air now.")
    # Its id is the command's, so that the same words shown twice are two graphics.
    shown = _on_one_line(replace(ordered, id=command.id, begins=air.now))
    return (Keyed(shown, air.now, command.actor),)


def _on_one_line(ordered: LowerThird | Crawl) -> LowerThird | Crawl:
    if isinstance(ordered, Crawl):
        return replace(ordered, text=" ".join(ordered.text.split()))
    first, second = (" ".join(line.split()) for line in (ordered.first, ordered.second))
    return replace(ordered, first=first, second=second)


def _take_down(kind: GraphicKind) -> Callable[[Command, Situation], tuple[Event, ...]]:
    """Return the rule of the command that takes down what there is of a kind.

    It is never refused: only the drawn text knows when a crawl has passed.
    """
    return lambda command, air: (Unkeyed(kind, air.now, command.actor),)


def _bug(command: Command, air: Situation) -> tuple[Event, ...]:
    on, before = command.verb is Verb.BUG_ON, air.happened.bug
    if (before is None or before.on) is on:
        raise CommandRefused(f"The channel's bug is already {'on' if on else 'off'}.")
    if air.plan.graphics is None or air.plan.graphics.bug is None:
        raise CommandRefused("This channel has no bug. Give it one under Settings, Channels.")
    return (BugSet(on, air.now, command.actor),)


GRAPHICS_VERBS: Mapping[Verb, Callable[[Command, Situation], tuple[Event, ...]]] = {
    Verb.GRAPHIC: _show,
    Verb.HIDE_LOWER_THIRD: _take_down("lower third"),
    Verb.STOP_CRAWL: _take_down("crawl"),
    Verb.BUG_ON: _bug,
    Verb.BUG_OFF: _bug,
}
