"""The desired state of the engine: a pure function of rundown, time and observation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.names import CueId
from playout.direction.live_shot import live_shot
from playout.model.cue_ids import Origin
from playout.model.engine import BoardPage, DeckState, Desired, Graphic, Intake, Observation, Shot
from playout.model.graphics import GraphicsRules
from playout.model.layer import Layer
from playout.model.layered import Layered
from playout.model.plan import ContentKind, Media
from playout.model.rundown import Cue, Rundown, cue_at, next_cue
from playout.state.air_state import AirState

FOREVER = timedelta(days=30)
"""The end of a shot that has none: the agent sends another long before."""
PICTURE_PATIENCE = timedelta(seconds=5)
LONGEST_PICTURE_PATIENCE = timedelta(minutes=1)
"""Bounds of the time in which a file must show its first picture (`picture_patience`)."""
OPENING_PATIENCE = timedelta(seconds=15)
"""How long a deck may take to open a file, because opening is slow on an overloaded machine."""
PATIENCE_SHARE = 20
"""A file may fail to show for one part in so many of what is left of its item."""

Finder = Callable[[Media], str | None]
"""A function that returns the path of a file in the media store; None if it has no such file."""


@dataclass(frozen=True)
class DirectorInput:
    """Everything that a decision is made from."""

    rundown: Rundown
    now: datetime
    find: Finder
    captions: Finder = lambda media: None
    """The path of a file's captions; None if it has none, or they are not on this machine."""
    home: Finder = lambda media: None
    """The path where a file belongs, whether or not it is there now."""
    rules: GraphicsRules | None = None
    """The channel's standing rules, which say whether lives get automatic captions."""
    happened: AirState = field(default_factory=AirState)
    board: tuple[BoardPage, ...] = ()
    slate: Callable[[str], str | None] = lambda text: None
    """The path of the slate drawn with a text; None for the engine's own slate."""
    intakes: tuple[Intake, ...] = ()
    graphic: Graphic | None = None
    graphics: tuple[Layered, ...] = ()
    serial: int = 0


def decide(scene: DirectorInput, seen: Observation | None) -> Desired:
    """Return the desired state of the engine. It never goes back behind the cue already on air."""
    current = on_air(scene.rundown, scene.now, seen)
    following = None if current.held else next_cue(scene.rundown, current.start)
    shot = shot_of(current, scene)
    after = shot_of(following, scene) if following is not None else None
    own = current.kind in (ContentKind.LIVE, ContentKind.SLATE) or _is_sound_alone(current)
    slate = scene.slate(_words(current if own or following is None else following, scene))
    return Desired(
        scene.serial, shot, after, scene.board, slate, scene.intakes, scene.graphic, scene.graphics,
        scene.rules.caption_names if scene.rules is not None else (),
    )  # fmt: skip


def on_air(rundown: Rundown, now: datetime, seen: Observation | None) -> Cue:
    """Return the cue meant to be on air at `now`, or the later one that the engine already airs.

    The engine changes cues on its own tick, a little before the agent's next turn. Going back to
    the cue before would put it on air a second time.
    """
    current = cue_at(rundown, now)
    if seen is None or seen.cue is None or seen.cue == current.id:
        return current
    there = next((cue for cue in rundown.cues if cue.id == seen.cue), None)
    if there is None or there.start < current.start:
        return current
    return there


def shot_of(cue: Cue, scene: DirectorInput) -> Shot:
    """Return the cue as a shot for the engine."""
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
        length=(media.length.total_seconds() or None) if not media.pieces else None,
        rate=media.rate,
        pieces=media.pieces,
        gain_db=media.gain_db,
        has_picture=media.has_picture,
        has_sound=media.has_sound,
        captions=scene.captions(media),
        as_soon_as_ready=cue.origin is Origin.TAKE,
    )


def _path(cue: Cue, scene: DirectorInput) -> str | None:
    """Return the path of the cue's file.

    A cue that is on air or about to be keeps its path when the file disappears: the deck that has
    it open plays on, and a deck that cannot open it reports that itself.
    """
    if cue.kind is not ContentKind.FILE or cue.media is None:
        return None
    path = scene.find(cue.media)
    if path is None and any(cue.id == known.id for known in scene.happened.pinned):
        return scene.home(cue.media)
    return path


def _live(cue: Cue, source: str, until: datetime, scene: DirectorInput) -> Shot:
    """Return the shot of a live: its source, or a slate under the same cue, as one airing."""
    shown = live_shot(cue, scene.happened, scene.now)
    return Shot(
        cue=cue.id,
        layer=shown.layer,
        at=cue.start,
        until=until,
        source=source,
        beneath=shown.beneath,
        automatic_captions=scene.rules is not None and scene.rules.caption_lives,
        as_soon_as_ready=shown.waits,
    )


def _words(cue: Cue, scene: DirectorInput) -> str:
    """Return the text of the slate that may be seen during the cue."""
    if cue.kind is ContentKind.LIVE:
        if cue.source is not None:
            return live_shot(cue, scene.happened, scene.now).text
        return cue.slate_text
    if _is_sound_alone(cue):
        return cue.slate_text or cue.title
    return cue.slate_text if cue.kind is ContentKind.SLATE else ""


def _is_sound_alone(cue: Cue) -> bool:
    """Return whether the file has sound but no picture, so that its slate is its picture."""
    return cue.kind is ContentKind.FILE and cue.media is not None and not cue.media.has_picture


@dataclass(frozen=True)
class CueFault:
    """A cue that cannot be shown, and why."""

    cue: CueId
    reason: str


def refused_by_a_deck(desired: Desired, seen: Observation | None) -> CueFault | None:
    """Return the fault of a desired file that a deck could not cue or could not go on playing."""
    if seen is None:
        return None
    cues = {shot.cue for shot in _files(desired)}
    for deck in seen.decks:
        if deck.state is DeckState.FAILED and deck.cue in cues and deck.cue is not None:
            return CueFault(deck.cue, deck.reason or "it cannot be played")
    return None


def _files(desired: Desired) -> list[Shot]:
    """Return the shots of files. Lives are left out: they are never given up."""
    shots = [shot for shot in (desired.on_air, desired.next) if shot is not None]
    return [shot for shot in shots if shot.source is None]


def picture_patience(desired: Desired, now: datetime) -> timedelta:
    """Return how long a file may fail to show a first picture before something else replaces it.

    The wait grows with what is left of the item, from 5 s up to one minute: right after a start,
    the decks of a busy machine take long, and a meeting must not be given up for that. It does not
    delay a broken file, which its deck reports at once.
    """
    return max(
        PICTURE_PATIENCE,
        min((desired.on_air.until - now) / PATIENCE_SHARE, LONGEST_PICTURE_PATIENCE),
    )


def is_opening(desired: Desired, seen: Observation | None) -> bool:
    """Return whether a deck is still opening the file that should be on air."""
    cue, decks = desired.on_air.cue, seen.decks if seen is not None else ()
    return any(deck.state is DeckState.CUEING and deck.cue == cue for deck in decks)


def is_waiting(desired: Desired, seen: Observation | None) -> bool:
    """Return whether a deck lacks machine resources to open the file that should be on air."""
    cue, decks = desired.on_air.cue, seen.decks if seen is not None else ()
    return any(deck.state is DeckState.WAITING and deck.cue == cue for deck in decks)


def covered_for(desired: Desired, seen: Observation | None) -> bool:
    """Return whether the board or slate is on air in place of a file."""
    shot = desired.on_air
    if seen is None or seen.cue != shot.cue or shot.layer is not Layer.DECK or shot.source:
        return False
    return seen.layer is not Layer.DECK
