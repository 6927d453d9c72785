"""The rule for the channel's bug: over programs, with LIVE or REPLAY beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from playout.direction.graphics.shown import (
    PROGRAMS,
    SLIDES,
    BugFace,
    GraphicsScene,
    Shown,
    Zone,
    end_of,
    joined,
    taken_down,
)
from playout.model.graphics import Bug, Corner
from playout.model.layer import Layer
from playout.model.plan import ContentKind, Media
from playout.model.rundown import Cue


def bugs(scene: GraphicsScene) -> list[Shown]:
    """Return the bug over each cue that is to have it."""
    bug = scene.rules.bug
    if bug is None or not (bug.text.strip() or bug.logo):
        return []
    logo = next((one for one in scene.plan.pictures if one.key == bug.logo), None)
    every = joined(one for cue in scene.cues for one in _over(cue, bug, logo, scene))
    pressed = scene.happened.bug
    if pressed is None:
        return every
    if pressed.on:
        return [_from(shown, pressed.at) for shown in every]
    return [taken_down(shown, pressed.at) for shown in every if shown.at <= pressed.at]


def _from(shown: Shown, at: datetime) -> Shown:
    return replace(shown, at=max(shown.at, at)) if shown.until > at else shown


def _over(cue: Cue, bug: Bug, logo: Media | None, scene: GraphicsScene) -> Iterator[Shown]:
    """Yield the bug over one cue. The word is beside it only while the program itself is seen."""
    word = _word(cue, bug, scene)
    over_slides = SLIDES if bug.over_slides else ()
    if not word:
        yield _shown(cue, BugFace(bug, logo), (*PROGRAMS, *over_slides))
        return
    yield _shown(cue, BugFace(bug, logo, word), PROGRAMS)
    if over_slides:
        yield _shown(cue, BugFace(bug, logo), over_slides)


def _shown(cue: Cue, face: BugFace, over: tuple[Layer, ...]) -> Shown:
    zone = Zone.BAND if face.bug.corner is Corner.BOTTOM_LEFT else Zone.CORNER
    id = f"bug-{face.word.lower()}" if face.word else "bug"
    return Shown(id, face, zone, cue.start, end_of(cue), face.bug.fade, over)


def _word(cue: Cue, bug: Bug, scene: GraphicsScene) -> str:
    if cue.kind is ContentKind.LIVE:
        return "LIVE" if bug.says_live else ""
    item = scene.item(cue)
    is_replay = cue.kind is ContentKind.FILE and item is not None and item.replay
    return "REPLAY" if bug.says_replay and is_replay else ""
