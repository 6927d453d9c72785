"""What the engine is asked to show: a pure function of the rundown, the time and what is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.names import CueId
from playout.engine.waist import BoardPage, DeckState, Desired, Layer, Observation, Shot
from playout.rundown import Cue, Kind, Media, Rundown
from playout.timeline import cue_at, next_cue

FOREVER = timedelta(days=30)
PATIENCE = timedelta(seconds=5)
MOST_PATIENCE = timedelta(minutes=1)
SHARE = 20
"""The part of what is left of an item that is waited for its picture."""

Finder = Callable[[Media], str | None]
"""The path of a file in the house's own store; None when it is not there."""


@dataclass(frozen=True)
class Scene:
    """Everything a decision stands on."""

    rundown: Rundown
    now: datetime
    find: Finder
    board: tuple[BoardPage, ...] = ()
    slate: Callable[[str], str | None] = lambda text: None
    """The drawn slate for a text."""
    serial: int = 0


def decide(scene: Scene, seen: Observation | None) -> Desired:
    """The desired state. It never goes back behind the cue the engine already airs."""
    current = on_air(scene.rundown, scene.now, seen)
    following = None if current.held else next_cue(scene.rundown, current.start)
    shot = shot_of(current, scene.find)
    after = shot_of(following, scene.find) if following is not None else None
    text = next((c.slate_text for c in (current, following) if c is not None and _slated(c)), "")
    return Desired(scene.serial, shot, after, scene.board, scene.slate(text))


def on_air(rundown: Rundown, now: datetime, seen: Observation | None) -> Cue:
    """The cue meant to be on air at `now`, or a later one if the engine is already there."""
    current = cue_at(rundown, now)
    if seen is None or seen.cue is None or seen.cue == current.id:
        return current
    there = next((cue for cue in rundown.cues if cue.id == seen.cue), None)
    if there is None or there.start < current.start:
        return current
    return there


def shot_of(cue: Cue, find: Finder) -> Shot:
    """The cue as the engine takes it. A live is a slate until it has a picture of its own."""
    until = cue.start + FOREVER if cue.held else cue.end
    layer = Layer.BOARD if cue.kind is Kind.BOARD else Layer.SLATE
    path = find(cue.media) if cue.kind is Kind.FILE and cue.media is not None else None
    if path is None or cue.media is None:
        return Shot(cue.id, layer, cue.start, until)
    media = cue.media
    return Shot(
        cue=cue.id,
        layer=Layer.DECK,
        at=cue.start,
        until=until,
        path=path,
        offset=cue.offset.total_seconds(),
        length=media.length.total_seconds() or None,
        rate=media.rate,
        gain_db=media.gain_db,
        has_picture=media.has_picture,
        has_sound=media.has_sound,
        as_soon_as_ready=cue.id.startswith("take-"),
    )


def _slated(cue: Cue) -> bool:
    return cue.kind in (Kind.SLATE, Kind.LIVE) and bool(cue.slate_text)


@dataclass(frozen=True)
class Trouble:
    """A cue that cannot be shown, and why."""

    cue: CueId
    reason: str


def refused_by_a_deck(desired: Desired, seen: Observation | None) -> Trouble | None:
    """A shot that a deck could not cue or could not go on with."""
    if seen is None:
        return None
    wanted = {shot.cue for shot in (desired.on_air, desired.next) if shot is not None}
    for deck in seen.decks:
        if deck.state is DeckState.FAILED and deck.cue in wanted and deck.cue is not None:
            return Trouble(deck.cue, deck.reason or "it cannot be played")
    return None


def patience(desired: Desired, now: datetime) -> timedelta:
    """How long a file that was not seen yet may fail to show before something else takes its place.

    A long one is waited for longer, up to a minute: decks of a busy machine that just came up
    need their time, and a meeting is not given up for that. A broken file is told at once.
    """
    return max(PATIENCE, min((desired.on_air.until - now) / SHARE, MOST_PATIENCE))


def covered_for(desired: Desired, seen: Observation | None) -> bool:
    """Whether board or slate stand in for a file that should be on air."""
    if seen is None or seen.cue != desired.on_air.cue or desired.on_air.layer is not Layer.DECK:
        return False
    return seen.layer is not Layer.DECK
