"""The rules for what comes: the next program's title before an end, and the time left to a live."""

from collections.abc import Iterator
from datetime import timedelta

from playout.direction.graphics.shown import (
    PROGRAMS,
    SLIDES,
    CountdownFace,
    GraphicsScene,
    NextFace,
    Shown,
    Zone,
    joined,
    named,
)
from playout.model.plan import ContentKind
from playout.model.rundown import Cue, next_item

NEAR = timedelta(minutes=15)
"""The next program is named only if no longer gap precedes it."""


def coming_next(scene: GraphicsScene) -> Iterator[Shown]:
    """Yield the title of the next program before the end of each cue that is to have it."""
    rule = scene.rules.coming_next
    if rule is None:
        return
    kinds = {ContentKind.FILE, ContentKind.LIVE} if rule.over_lives else {ContentKind.FILE}
    for cue in scene.cues:
        following = next_item(scene.rundown, cue.start)
        title = _title(following, scene)
        at = cue.end - rule.before
        if cue.item is None or cue.held or cue.kind not in kinds or at < cue.start:
            continue
        if following is None or not title or following.start - cue.end > NEAR:
            continue
        until, face = min(at + rule.shown_for, cue.end), NextFace(rule.heading, title)
        yield Shown(named("next", cue.id), face, Zone.BAND, at, until, over=PROGRAMS)


def countdowns(scene: GraphicsScene) -> list[Shown]:
    """Return the time left to a live over the bulletins or the slate right before it."""
    rule = scene.rules.countdown
    if rule is None:
        return []
    counted = []
    for cue in scene.cues:
        if cue.item is not None or cue.kind not in (ContentKind.BOARD, ContentKind.SLATE):
            continue
        live = next_item(scene.rundown, cue.start)
        if live is None or live.kind is not ContentKind.LIVE:
            continue
        at, until = max(cue.start, live.start - rule.most), min(cue.end, live.start)
        if at < until:
            face = CountdownFace(_title(live, scene), rule.heading, live.start)
            id = named("countdown", live.id)
            counted.append(Shown(id, face, Zone.CRAWL, at, until, over=SLIDES))
    return joined(counted)


def _title(cue: Cue | None, scene: GraphicsScene) -> str:
    """Return the title that viewers are to see."""
    if cue is None:
        return ""
    item = scene.item(cue)
    return (item.replaces_with if item is not None else "") or cue.title
