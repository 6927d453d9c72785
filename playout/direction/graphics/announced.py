"""The rule that announces another meeting, which has begun behind the live on air."""

from collections.abc import Iterator
from datetime import timedelta

from playout.direction.graphics.shown import (
    PROGRAMS,
    GraphicsScene,
    Shown,
    ThirdFace,
    Zone,
    end_of,
    named,
)
from playout.lives.sessions import in_session
from playout.model.plan import ContentKind, Item

SHOWN_FOR = timedelta(seconds=20)
"""How long the announcement stays each time."""
EVERY = timedelta(minutes=10)


def announcements(scene: GraphicsScene) -> Iterator[Shown]:
    """Yield the announcement of each meeting that is being recorded behind the live on air, from
    its start on and every ten minutes.
    """
    current = scene.cues[0]
    if current.kind is not ContentKind.LIVE or current.item is None:
        return
    for item in scene.plan.items:
        if item.kind is not ContentKind.LIVE or item.id in scene.happened.aired:
            continue
        if item.start > scene.now or not in_session(item, current, scene.happened, scene.now):
            continue
        turn = (scene.now - item.start) // EVERY
        for at in (item.start + turn * EVERY, item.start + (turn + 1) * EVERY):
            until = min(at + SHOWN_FOR, end_of(current))
            yield Shown(
                named("announced", item.id), _face(item), Zone.BAND, at, until, over=PROGRAMS
            )


def _face(item: Item) -> ThirdFace:
    title = item.replaces_with or item.title
    return ThirdFace(f"{title} has started", "It is being recorded and will air later.")
