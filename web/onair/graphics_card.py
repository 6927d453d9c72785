"""The Graphics card of a channel on the On air page: what is over the picture, and its buttons."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from playout.commands.obey_graphics import GRAPHICS_VERBS
from playout.model.graphics import SHOWN_FOR, LowerThird, PlannedGraphic
from playout.state.air_state import AirState
from scheduler.domain.model.airing_graphics import (
    AiringGraphic,
    AiringGraphicKind,
    lines_of,
    planned,
    words_of,
)
from scheduler.domain.model.channel import Channel
from scheduler.domain.series.crawls import ChannelCrawl
from scheduler.queries.graphics import GraphicsOffer
from scheduler.queries.onair import CommandStatus, OnAir
from web.kit import words
from web.kit.press_words import verb_word
from web.onair.desk import is_fresh

RESULT_WORDS = {
    "waiting": "Sending…",
    "accepted": "Done",
    "refused": "Refused",
    "unanswered": "No answer in 10 s",
}
STANDING: Mapping[str, str] = {
    "bug": "the bug",
    "bug-live": "the bug with LIVE",
    "bug-replay": "the bug with REPLAY",
    "clock": "the clock",
}
"""Words for the graphics that have one id, as the broadcast machine reports it."""
KINDS: Mapping[str, str] = {
    "next": "coming up next",
    "countdown": "the countdown",
    "third": "a name",
    "crawl": "a crawl",
}
"""Words for the others, by the part of their id before the first dash."""


@dataclass(frozen=True)
class GraphicButton:
    """One thing that a press shows."""

    id: str
    """Stays the same while its words do."""
    kind: AiringGraphicKind
    first: str
    second: str = ""
    passes: int = 1
    own_seconds: str = ""
    """Seconds that staff planned for this name; empty for as long as names stay on the channel."""
    is_shown: bool = False
    """True while the broadcast machine reports these words on the picture."""
    result: str = ""
    """What became of the last press of it, for some seconds."""


@dataclass(frozen=True)
class GraphicsCard:
    """The graphics of a channel on the card: those seen, and those that may be shown."""

    channel: Channel
    cue: str
    """The cue on air, which a name is meant for."""
    heard: bool
    """False while nothing is known of the picture and no press would arrive."""
    shown: tuple[str, ...]
    """What lies over the picture by the broadcast machine's word, in words."""
    emergency: str
    """Says that an emergency message is on; empty where none is."""
    third: bool
    """True while a name is on the picture."""
    crawl: bool
    bug: bool
    """True where the channel has a bug at all."""
    bug_off: bool
    """True while an operator keeps it off."""
    planned: tuple[GraphicButton, ...]
    members: tuple[GraphicButton, ...]
    items: tuple[GraphicButton, ...]
    names_for: str
    """Seconds that a name stays on this channel unless the operator chooses otherwise."""
    result: str
    """What became of the last press of any graphic, with its reason."""
    failed: bool
    rev: str
    """Digest of the view; it changes when anything on it does."""


def graphics_card(on: OnAir, offer: GraphicsOffer, known: AirState, now: datetime) -> GraphicsCard:
    """Return the card; it says only what the broadcast machine reports, never what was pressed."""
    heard = on.state == "on air" and on.status is not None
    ids = on.status.graphics if heard and on.status else ()
    named = _named(offer, known)
    fresh = [one for one in on.commands if _is_graphic(one) and is_fresh(one, now)]
    said = {lines_of(named[id]) for id in ids if id in named}
    members = (AiringGraphic(one.name, one.role) for one in offer.members)
    items = (
        AiringGraphic(one.title, f"Item {one.number}" if one.number else "") for one in offer.items
    )
    last = fresh[0] if fresh else None
    parts = {
        "planned": _buttons(offer.planned, said, fresh, "planned"),
        "members": _buttons(members, said, fresh, "member"),
        "items": _buttons(items, said, fresh, "item"),
    }
    bug_off = known.bug is not None and not known.bug.on
    shown = tuple(dict.fromkeys(_in_words(id, named, offer.crawls) for id in reversed(ids)))
    state = (on.cue.id, heard, shown, ids, bug_off, offer, fresh, last, _emergency(on, now))
    return GraphicsCard(
        channel=on.channel,
        cue=on.cue.id,
        heard=heard,
        shown=shown,
        emergency=_emergency(on, now),
        third=any(id.startswith("third-") for id in ids),
        crawl=any(id.startswith("crawl-") for id in ids),
        bug=offer.bug,
        bug_off=bug_off,
        names_for=f"{offer.names_for.total_seconds():g}",
        result=_result(last, on) if last else "",
        failed=last is not None and last.answer in ("refused", "unanswered"),
        rev=hashlib.sha256(repr(state).encode()).hexdigest()[:16],
        **parts,
    )


def _named(offer: GraphicsOffer, known: AirState) -> dict[str, PlannedGraphic]:
    """Return the graphics that staff ordered, by the id under which they are reported."""
    by_hand = [one.graphic for one in known.keyed.values()]
    return {_id(one): one for one in (*planned(offer.planned), *by_hand)}


def _id(graphic: PlannedGraphic) -> str:
    kind = "third" if isinstance(graphic, LowerThird) else "crawl"
    return f"{kind}-{graphic.id}"[:80]


def _in_words(
    id: str, named: Mapping[str, PlannedGraphic], by_the_clock: Iterable[ChannelCrawl]
) -> str:
    if id in named:
        return f"“{words_of(named[id])}”"
    for crawl in by_the_clock:
        # The rest of its id is the day, and which pass of the day it is.
        if id.startswith(f"crawl-{crawl.id}-"):
            return f"“{crawl.draft.text}”"
    return STANDING.get(id) or KINDS.get(id.split("-")[0], "another graphic")


def _buttons(
    offered: Iterable[AiringGraphic],
    said: set[tuple[str, str]],
    fresh: list[CommandStatus],
    name: str,
) -> tuple[GraphicButton, ...]:
    """Return a button for each, once for each pair of lines."""
    found = {(one.first, one.second): one for one in offered}
    return tuple(
        GraphicButton(
            id=f"{name}-{hashlib.sha256(repr(text).encode()).hexdigest()[:8]}",
            kind=one.kind,
            first=one.first,
            second=one.second,
            passes=one.passes,
            own_seconds=_own_seconds(one),
            is_shown=text in said,
            result=_of(text, fresh),
        )
        for text, one in found.items()
    )


def _own_seconds(one: AiringGraphic) -> str:
    is_own = one.kind is AiringGraphicKind.LOWER_THIRD and one.shown_for != SHOWN_FOR
    return f"{one.shown_for.total_seconds():g}" if is_own else ""


def _of(text: tuple[str, str], fresh: list[CommandStatus]) -> str:
    """Return what became of the last press that showed these lines."""
    pressed = (one for one in fresh if one.graphic is not None and lines_of(one.graphic) == text)
    last = next(pressed, None)
    return RESULT_WORDS[last.answer] if last else ""


def _is_graphic(command: CommandStatus) -> bool:
    return command.verb in GRAPHICS_VERBS


def _result(command: CommandStatus, on: OnAir) -> str:
    what = verb_word(command.verb)
    if command.graphic is not None:
        what = f"“{words_of(command.graphic)}”"
    at = words.clock(command.issued, on.channel.tz, seconds=True)
    reason = f": {command.reason}" if command.reason else ""
    return f"{at} {what}: {RESULT_WORDS[command.answer].lower()}{reason}"


def _emergency(on: OnAir, now: datetime) -> str:
    message = on.status.message if on.status else None
    if message is None or message.until <= now:
        return ""
    until = words.clock(message.until, on.channel.tz)
    return (
        f"An emergency message is on until {until} or until it is taken down. It comes first: "
        "what would touch it is not shown."
    )
