"""Filling a gap exactly: whole filler clips, the bulletin board for what is left, else a slate."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

from config.names import AssetKey, CueId
from playout.rundown import Cue, Kind, Media, Page, Plan, Rank

SHORTEST = timedelta(seconds=5)
"""A gap shorter than this gets no clip: a deck could hardly be cued for it."""
TAIL = timedelta(minutes=5)
"""The last stretch of a gap, for which the best combination of clips is sought."""
CHOICES = 8
"""How many clips take part in that search."""
FLASH = timedelta(seconds=2)
"""A board shown for less than this looks like a fault; combinations that cause it lose."""
SPELL = timedelta(hours=1)
"""The longest single stretch of board or slate, so that a long gap is several cues."""
_STAMP = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True)
class Pool:
    """What may fill a gap, and what of it has aired lately."""

    clips: tuple[tuple[Media, str], ...]
    """Playable clips with their titles, in the order in which they are offered first."""
    no_repeat: timedelta
    board: tuple[Page, ...]
    slate_text: str
    station: str


def pool_of(plan: Plan, unplayable: Mapping[AssetKey, datetime]) -> Pool:
    """The plan's filler in its seeded order, without files known not to play."""
    titles = plan.filler_titles + ("",) * (len(plan.filler) - len(plan.filler_titles))
    clips = [
        (media, title)
        for media, title in zip(plan.filler, titles, strict=False)
        if media.key not in unplayable and media.length >= FLASH
    ]
    clips.sort(key=lambda clip: clip[0].key)
    random.Random(plan.seed).shuffle(clips)
    return Pool(tuple(clips), plan.filler_no_repeat, plan.board, plan.slate_text, plan.station)


def gap_of(cue: CueId) -> datetime | None:
    """The start of the gap that a filling cue belongs to; None for a cue of an item."""
    if not cue.startswith("fill-"):
        return None
    return datetime.strptime(cue.split("-")[1], _STAMP).replace(tzinfo=UTC)


def fill(
    start: datetime,
    end: datetime,
    pool: Pool,
    history: Mapping[AssetKey, datetime],
    *,
    lead: timedelta = timedelta(0),
    until: datetime | None = None,
) -> tuple[Cue, ...]:
    """Cues that cover [start, end) exactly, the least recently aired clips first.

    No clip airs again within `pool.no_repeat` of its last start while a bulletin can be shown
    instead, and none is cut. The first `lead` is board or slate: what is on at once. With `until`
    the cues that begin at or after it are left out.
    """
    gap = _Gap(start, end, pool, dict(history))
    cues: list[Cue] = []
    for cue in gap.cues(lead):
        if until is not None and cue.start >= until:
            break
        cues.append(cue)
    return tuple(cues)


class _Gap:
    """One gap while it is being filled."""

    def __init__(
        self, start: datetime, end: datetime, pool: Pool, history: dict[AssetKey, datetime]
    ) -> None:
        self.start, self.at, self.end = start, start, end
        self.pool = pool
        self.history = history
        self.count = 0

    def cues(self, lead: timedelta) -> Iterator[Cue]:
        if lead:
            yield from self._still(min(self.start + lead, self.end))
        tail = self.end - self._tail()
        while self.at < tail:
            clip = self._next_clip(self.at)
            if clip is None:
                yield from self._still(min(self._next_eligible(), tail))
            else:
                yield self._play(*clip)
        if self.end - self.at >= SHORTEST:
            for clip in self._best_tail():
                yield self._play(*clip)
        yield from self._still(self.end)

    def _tail(self) -> timedelta:
        """How much of the gap's end is left for the search; all of it when there is no clip."""
        lengths = [media.length for media, _ in self.pool.clips]
        if not lengths:
            return self.end - self.at
        return max(max(lengths), min(TAIL, sum(lengths, timedelta(0))))

    def _next_clip(self, at: datetime) -> tuple[Media, str] | None:
        """The least recently aired clip that may air now; any clip where there is no board."""
        if not self.pool.clips:
            return None
        first = min(self.pool.clips, key=self._last)
        if self._eligible(first, at) or not _pages_at(self.pool.board, at):
            return first
        return None

    def _last(self, clip: tuple[Media, str]) -> datetime:
        return self.history.get(clip[0].key, datetime.min.replace(tzinfo=UTC))

    def _eligible(self, clip: tuple[Media, str], at: datetime) -> bool:
        last = self.history.get(clip[0].key)
        return last is None or at - last >= self.pool.no_repeat

    def _next_eligible(self) -> datetime:
        if not self.pool.clips:
            return self.end
        oldest = min(self._last(clip) for clip in self.pool.clips)
        return max(oldest + self.pool.no_repeat, self.at + FLASH)

    def _best_tail(self) -> Sequence[tuple[Media, str]]:
        """The combination of clips that leaves the least of the gap uncovered, never a flash."""
        left = self.end - self.at
        strict = bool(_pages_at(self.pool.board, self.at))
        clips = [
            clip
            for clip in sorted(self.pool.clips, key=self._last)
            if clip[0].length <= left and (not strict or self._eligible(clip, self.at))
        ][:CHOICES]
        best: Sequence[tuple[Media, str]] = ()
        cost = left
        for size in range(1, len(clips) + 1):
            for some in combinations(clips, size):
                price = _price(left - sum((media.length for media, _ in some), timedelta(0)))
                if price is not None and price < cost:
                    best, cost = some, price
            if not cost:
                break
        return best

    def _play(self, media: Media, title: str) -> Cue:
        self.history[media.key] = self.at
        cue = Cue(
            id=self._id(),
            item=None,
            kind=Kind.FILE,
            title=title or "Filler",
            start=self.at,
            end=self.at + media.length,
            rank=Rank.FILLER,
            media=media,
        )
        self.at = cue.end
        return cue

    def _still(self, end: datetime) -> Iterator[Cue]:
        """Board while a page is in force, else slate, up to `end`."""
        while self.at < end:
            shown = bool(_pages_at(self.pool.board, self.at))
            stop = min(end, self.at + SPELL, _page_edge(self.pool.board, self.at, shown) or end)
            yield Cue(
                id=self._id(),
                item=None,
                kind=Kind.BOARD if shown else Kind.SLATE,
                title="Bulletin board" if shown else self.pool.station or "Slate",
                start=self.at,
                end=stop,
                rank=Rank.BOARD if shown else Rank.SLATE,
                slate_text=self.pool.slate_text,
            )
            self.at = stop

    def _id(self) -> CueId:
        self.count += 1
        return CueId(f"fill-{self.start.astimezone(UTC):{_STAMP}}-{self.count}")


def _price(left: timedelta) -> timedelta | None:
    if left < timedelta(0):
        return None
    return left + TAIL if timedelta(0) < left < FLASH else left


def _pages_at(board: Sequence[Page], at: datetime) -> list[Page]:
    return [page for page in board if page.shown_from <= at < page.shown_until]


def _page_edge(board: Sequence[Page], at: datetime, shown: bool) -> datetime | None:
    """The next instant at which the board stops or starts having anything to show."""
    edges = sorted({edge for page in board for edge in (page.shown_from, page.shown_until)})
    for edge in edges:
        if edge > at and bool(_pages_at(board, edge)) is not shown:
            return edge
    return None
