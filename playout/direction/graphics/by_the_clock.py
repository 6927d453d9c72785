"""The rule for a channel's crawls by the clock: those that come now and then, one after another,
and one that goes on for hours beneath them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from playout.direction.graphics.shown import CrawlFace, Shown, Zone, named, taken_down
from playout.model.graphics import Crawl

LONGEST_CRAWL = timedelta(hours=12)
"""How long a crawl is shown whose passes nobody limited and for which nobody gave an end."""
LOOKED_AHEAD = timedelta(minutes=2)
"""A crawl that begins later than this is not reckoned yet."""
Lasts = Callable[[Crawl], timedelta | None]
"""A function that returns how long the passes of a crawl take on this channel; None for ever."""


@dataclass(frozen=True)
class _Turn:
    """One turn of a crawl: its passes, whole, from `at` on."""

    crawl: Crawl
    number: int
    at: datetime
    lasts: timedelta
    by: datetime
    """It is over by now, or it is left out."""

    @property
    def until(self) -> datetime:
        return self.at + self.lasts


def crawls_by_the_clock(
    crawls: Sequence[Crawl],
    others: Sequence[Shown],
    now: datetime,
    lasts: Lasts,
    stopped: datetime | None = None,
) -> Iterator[Shown]:
    """Yield the channel's crawls near `now`; `others` are those by hand and of items, which come
    first. `stopped` is when an operator last stopped the crawl that was on.

    A crawl that comes now and then passes whole: if its time is taken, it waits. It is left out if
    it would not be over by its next turn or the end of its hours. Example, with passes of 20 s: two
    crawls every 30 minutes from 10:00 and a third every 15 minutes pass at 10:00:00, 10:00:20 and
    10:00:40, and then the third alone at 10:15:00.

    A crawl without a pause is cut by all of them, and begins anew after each. If an operator stops
    it, it stays off to the end of its hours.
    """
    begun = [
        one
        for one in crawls
        if one.begins is not None and one.begins <= now + LOOKED_AHEAD and _end(one) > now
    ]
    taken = [(one.at, one.until) for one in others]
    for turn in _in_turn(begun, taken, now, lasts):
        id = named("crawl", f"{turn.crawl.id}-{turn.number}" if turn.crawl.every else turn.crawl.id)
        shown = Shown(id, CrawlFace(turn.crawl), Zone.CRAWL, turn.at, turn.until, turn.crawl.fade)
        taken.append((turn.at, turn.until))
        yield taken_down(shown, stopped)
    for crawl in begun:
        if not crawl.times:
            yield from _between(crawl, sorted(taken), now, stopped)


def _end(crawl: Crawl) -> datetime:
    """Return the end of its hours."""
    assert crawl.begins is not None
    return crawl.ends if crawl.ends is not None else crawl.begins + LONGEST_CRAWL


def _in_turn(
    crawls: Sequence[Crawl],
    taken: Sequence[tuple[datetime, datetime]],
    now: datetime,
    lasts: Lasts,
) -> Iterator[_Turn]:
    """Yield the turns near `now`, each moved behind what has its time."""
    turns = [turn for crawl in crawls if crawl.times for turn in _turns(crawl, now, lasts)]
    placed = list(taken)
    for turn in sorted(turns, key=lambda one: (one.at, one.crawl.id)):
        at = turn.at
        for begins, ends in sorted(placed):
            if begins < at + turn.lasts and at < ends:
                at = ends
        if at + turn.lasts <= turn.by:
            placed.append((at, at + turn.lasts))
            yield _Turn(turn.crawl, turn.number, at, turn.lasts, turn.by)


def _turns(crawl: Crawl, now: datetime, lasts: Lasts) -> Iterator[_Turn]:
    """Yield the last turn of a crawl that has begun, and its next one."""
    passes, begins = lasts(crawl), crawl.begins
    assert begins is not None and passes is not None
    if not crawl.every:
        # Once at its moment, and gone at its end wherever it then is.
        end = min(begins + passes, _end(crawl))
        yield _Turn(crawl, 0, begins, end - begins, end)
        return
    step = max(1, -(-passes // crawl.every)) * crawl.every
    first = max(0, (now - begins) // step)
    for number in (first, first + 1):
        at = begins + number * step
        if at <= now + LOOKED_AHEAD:
            yield _Turn(crawl, number, at, passes, min(at + step, _end(crawl)))


def _between(
    crawl: Crawl,
    taken: Sequence[tuple[datetime, datetime]],
    now: datetime,
    stopped: datetime | None,
) -> Iterator[Shown]:
    """Yield the piece of a crawl without a pause that is on at `now`, or else its next one."""
    assert crawl.begins is not None
    edges = [crawl.begins]
    for begins, ends in taken:
        edges += [max(begins, edges[-1]), max(ends, edges[-1])]
    edges = [min(edge, _end(crawl)) for edge in (*edges, _end(crawl))]
    for at, until in list(pairwise(edges))[::2]:
        piece = Shown(named("crawl", crawl.id), CrawlFace(crawl), Zone.CRAWL, at, until, crawl.fade)
        was_stopped = stopped is not None and at <= stopped < until
        if was_stopped:
            piece = taken_down(piece, stopped)
        if piece.at < piece.until and piece.until > now:
            yield piece
            return
        if was_stopped:
            return
