"""What the engine is asked to show: a pure function of the rundown, the time and what is seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.names import CueId
from playout.direction.live_shot import live_shot
from playout.model.engine import BoardPage, DeckState, Desired, Graphic, Intake, Observation, Shot
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Media
from playout.model.rundown import Cue, Rundown, cue_at, next_cue
from playout.state.air_state import AirState

FOREVER = timedelta(days=30)
PICTURE_PATIENCE = timedelta(seconds=5)
LONGEST_PICTURE_PATIENCE = timedelta(minutes=1)
OPENING_PATIENCE = timedelta(seconds=15)
"""How long a deck that is opening the file is waited for: an overloaded machine takes its time."""
PATIENCE_SHARE = 20
"""The part of what is left of an item that is waited for its picture."""

Finder = Callable[[Media], str | None]
"""The path of a file in the house's own store; None when it is not there."""


@dataclass(frozen=True)
class DirectorInput:
    """Everything a decision stands on."""

    rundown: Rundown
    now: datetime
    find: Finder
    home: Finder = lambda media: None
    """The path at which a file belongs, whether or not it is there now."""
    happened: AirState = field(default_factory=AirState)
    board: tuple[BoardPage, ...] = ()
    slate: Callable[[str], str | None] = lambda text: None
    """The drawn slate for a text."""
    intakes: tuple[Intake, ...] = ()
    graphic: Graphic | None = None
    serial: int = 0


def decide(scene: DirectorInput, seen: Observation | None) -> Desired:
    """The desired state. It never goes back behind the cue the engine already airs."""
    current = on_air(scene.rundown, scene.now, seen)
    following = None if current.held else next_cue(scene.rundown, current.start)
    shot = shot_of(current, scene)
    after = shot_of(following, scene) if following is not None else None
    own = current.kind in (ContentKind.LIVE, ContentKind.SLATE) or _is_sound_alone(current)
    slate = scene.slate(_words(current if own or following is None else following, scene))
    return Desired(scene.serial, shot, after, scene.board, slate, scene.intakes, scene.graphic)


def on_air(rundown: Rundown, now: datetime, seen: Observation | None) -> Cue:
    """The cue meant to be on air at `now`, or a later one if the engine is already there."""
    current = cue_at(rundown, now)
    if seen is None or seen.cue is None or seen.cue == current.id:
        return current
    there = next((cue for cue in rundown.cues if cue.id == seen.cue), None)
    if there is None or there.start < current.start:
        return current
    return there


def shot_of(cue: Cue, scene: DirectorInput) -> Shot:
    """The cue as the engine takes it."""
    until = cue.start + FOREVER if cue.held else cue.end
    if cue.kind is ContentKind.LIVE and cue.source is not None:
        return _live(cue, cue.source, until, scene)
    layer = Layer.BOARD if cue.kind is ContentKind.BOARD else Layer.SLATE
    path = _path(cue, scene)
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


def _path(cue: Cue, scene: DirectorInput) -> str | None:
    """The file of a cue. One cued or on air keeps its path when the file goes away: the deck that
    has it open plays on, and one that could not open it says so itself."""
    if cue.kind is not ContentKind.FILE or cue.media is None:
        return None
    found = scene.find(cue.media)
    if found is None and any(cue.id == known.id for known in scene.happened.pinned):
        return scene.home(cue.media)
    return found


def _live(cue: Cue, source: str, until: datetime, scene: DirectorInput) -> Shot:
    """A live is its source, or a slate under the same cue: one airing, whatever it shows."""
    shown = live_shot(cue, scene.happened, scene.now)
    return Shot(
        cue=cue.id,
        layer=shown.layer,
        at=cue.start,
        until=until,
        source=source,
        beneath=shown.beneath,
        as_soon_as_ready=shown.waits,
    )


def _words(cue: Cue, scene: DirectorInput) -> str:
    """What a slate says that may be seen during the cue."""
    if cue.kind is ContentKind.LIVE:
        if cue.source is not None:
            return live_shot(cue, scene.happened, scene.now).text
        return cue.slate_text
    if _is_sound_alone(cue):
        return cue.slate_text or cue.title
    return cue.slate_text if cue.kind is ContentKind.SLATE else ""


def _is_sound_alone(cue: Cue) -> bool:
    """Its slate is its picture."""
    return cue.kind is ContentKind.FILE and cue.media is not None and not cue.media.has_picture


@dataclass(frozen=True)
class CueFault:
    """A cue that cannot be shown, and why."""

    cue: CueId
    reason: str


def refused_by_a_deck(desired: Desired, seen: Observation | None) -> CueFault | None:
    """A shot that a deck could not cue or could not go on with."""
    if seen is None:
        return None
    wanted = {shot.cue for shot in _files(desired)}
    for deck in seen.decks:
        if deck.state is DeckState.FAILED and deck.cue in wanted and deck.cue is not None:
            return CueFault(deck.cue, deck.reason or "it cannot be played")
    return None


def _files(desired: Desired) -> list[Shot]:
    """A live is never given up: its source may come back."""
    shots = [shot for shot in (desired.on_air, desired.next) if shot is not None]
    return [shot for shot in shots if shot.source is None]


def picture_patience(desired: Desired, now: datetime) -> timedelta:
    """How long a file that was not seen yet may fail to show before something else takes its place.

    A long one is waited for longer, up to a minute: decks of a busy machine that just came up
    need their time, and a meeting is not given up for that. A broken file is told at once.
    """
    return max(
        PICTURE_PATIENCE,
        min((desired.on_air.until - now) / PATIENCE_SHARE, LONGEST_PICTURE_PATIENCE),
    )


def is_opening(desired: Desired, seen: Observation | None) -> bool:
    """Is a deck at work on the file that should be on air, and has not brought a frame of it?"""
    cue, decks = desired.on_air.cue, seen.decks if seen is not None else ()
    return any(deck.state is DeckState.CUEING and deck.cue == cue for deck in decks)


def is_waiting(desired: Desired, seen: Observation | None) -> bool:
    """Does a deck wait for what the machine lacks, to open the file that should be on air?"""
    cue, decks = desired.on_air.cue, seen.decks if seen is not None else ()
    return any(deck.state is DeckState.WAITING and deck.cue == cue for deck in decks)


def covered_for(desired: Desired, seen: Observation | None) -> bool:
    """Whether board or slate stand in for a file that should be on air."""
    shot = desired.on_air
    if seen is None or seen.cue != shot.cue or shot.layer is not Layer.DECK or shot.source:
        return False
    return seen.layer is not Layer.DECK
