"""The rule for lower thirds and crawls: as planned with an item, by the clock, or shown by hand."""

from collections.abc import Iterator
from datetime import datetime

from playout.direction.graphics.by_the_clock import LONGEST_CRAWL, Lasts, crawls_by_the_clock
from playout.direction.graphics.shown import (
    PROGRAMS,
    CrawlFace,
    GraphicsScene,
    Shown,
    ThirdFace,
    Zone,
    end_of,
    named,
    taken_down,
)
from playout.model.graphics import Crawl, LowerThird
from playout.model.plan import ContentKind, Item
from playout.model.rundown import Cue


def lower_thirds(scene: GraphicsScene) -> Iterator[Shown]:
    """Yield lower thirds, those by hand first, and of two that are planned the later one first."""
    by_hand, down = scene.happened.keyed.get("lower third"), scene.happened.unkeyed
    current = scene.cues[0]
    # Once another program is on, nobody of the one before speaks any more.
    if by_hand is not None and by_hand.at >= current.start:
        third = by_hand.graphic
        assert isinstance(third, LowerThird)
        shown = _third(third, by_hand.at, end_of(current))
        yield taken_down(shown, down.get("lower third"))
    planned = [
        _third(one, at, end_of(cue))
        for cue, one, at in _planned(scene)
        if isinstance(one, LowerThird) and at + one.shown_for > cue.start and at < end_of(cue)
    ]
    for shown in sorted(planned, key=lambda one: one.at, reverse=True):
        yield taken_down(shown, down.get("lower third"))


def _third(third: LowerThird, at: datetime, end: datetime) -> Shown:
    until, face = min(at + third.shown_for, end), ThirdFace(third.first, third.second)
    return Shown(named("third", third.id), face, Zone.BAND, at, until, third.fade, PROGRAMS)


def crawls(scene: GraphicsScene, lasts: Lasts) -> Iterator[Shown]:
    """Yield crawls: the one by hand, those of the items, those of the channel."""
    by_hand, down = scene.happened.keyed.get("crawl"), scene.happened.unkeyed.get("crawl")
    before: list[Shown] = []
    if by_hand is not None and isinstance(by_hand.graphic, Crawl):
        before.append(taken_down(_crawl(by_hand.graphic, by_hand.at, None, lasts), down))
    for cue, one, at in _planned(scene):
        if isinstance(one, Crawl) and at < end_of(cue):
            before.append(taken_down(_crawl(one, at, end_of(cue), lasts), down))
    yield from before
    yield from crawls_by_the_clock(scene.rules.crawls, before, scene.now, lasts, down)


def _crawl(crawl: Crawl, at: datetime, end: datetime | None, lasts: Lasts) -> Shown:
    passes = lasts(crawl)
    ends = [one for one in (crawl.ends, end) if one is not None]
    if passes is not None:
        ends.append(at + passes)
    elif crawl.ends is None:
        ends.append(at + LONGEST_CRAWL)
    return Shown(named("crawl", crawl.id), CrawlFace(crawl), Zone.CRAWL, at, min(ends), crawl.fade)


def _planned(scene: GraphicsScene) -> Iterator[tuple[Cue, LowerThird | Crawl, datetime]]:
    """Yield what is planned with the item of each cue, and the instant at which it begins."""
    for cue in scene.cues:
        item = scene.item(cue)
        if item is None or not item.graphics:
            continue
        first = first_moment(cue, item, scene)
        for planned in item.graphics:
            at = planned.begins if planned.begins is not None else first + planned.after
            yield cue, planned, at


def first_moment(cue: Cue, item: Item, scene: GraphicsScene) -> datetime:
    """Return when the item's first moment was on air, or would have been: of a file its in point,
    of a live its beginning.
    """
    if cue.kind is ContentKind.LIVE:
        return scene.happened.begun.get(item.id, max(cue.start, item.start))
    return cue.start - (cue.offset - item.in_point)
