"""Filling of gaps: whole filler clips, bulletins for the rest, the slate where there are neither.

A choice of files can depend on the part of the day. An empty choice is the whole pool, then
bulletins, then the slate.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

from config.names import AssetKey, CueId
from playout.model.cue_ids import Origin, fill_cue_id
from playout.model.plan import ContentKind, Media, Page, Plan, Rank
from playout.model.rundown import Cue

SHORTEST_CLIP_GAP = timedelta(seconds=5)
"""A gap shorter than this gets no clip: a deck could hardly be cued for it."""
SEARCHED_TAIL = timedelta(minutes=5)
"""The last stretch of a gap, for which the best combination of clips is sought."""
CLIPS_SEARCHED = 8
"""How many clips take part in that search."""
SHORTEST_BOARD = timedelta(seconds=2)
"""A board shown for less than this looks like a fault; combinations that cause it lose."""
LONGEST_STILL = timedelta(hours=1)
"""The longest single stretch of board or slate, so that a long gap is several cues."""
_NEVER = datetime.min.replace(tzinfo=UTC)
"""Stands for the last start of a clip that has not aired yet."""


Clips = tuple[tuple[Media, str], ...]
"""Playable clips with their titles, in the order in which they are offered first."""


@dataclass(frozen=True)
class FillerChoice:
    """The clips that may fill a stretch of a gap; without clips, bulletins fill it."""

    clips: Clips
    no_repeat: timedelta
    policy: str = ""


@dataclass(frozen=True)
class FillerPool:
    """The choices of filler of a channel, and when each holds."""

    whole: FillerChoice
    board: tuple[Page, ...]
    slate_text: str
    station: str
    parts: tuple[tuple[datetime, datetime, FillerChoice], ...] = ()
    """Stretches of time that have a choice of their own."""

    def choice(self, at: datetime, end: datetime) -> tuple[FillerChoice, datetime]:
        """Return the choice that holds at this instant, and until when, `end` at most."""
        for start, until, choice in self.parts:
            if not start <= at < until:
                continue
            until = min(until, end)
            if choice.clips:
                return choice, until
            shown = bool(_pages_at(self.board, at))
            until = min(until, _page_edge(self.board, at, shown) or until)
            return choice if shown else self.whole, until
        return self.whole, min([end, *(start for start, _, _ in self.parts if start > at)])


def pool_of(plan: Plan, unplayable: Mapping[AssetKey, datetime]) -> FillerPool:
    """Return the plan's filler in its seeded order, without files known not to play.

    A policy is ignored if none of its files plays.
    """
    parts = []
    for one in plan.policies:
        clips = _playable(one.filler, one.filler_titles, plan.seed, unplayable)
        if clips or not one.filler:
            choice = FillerChoice(clips, one.no_repeat, one.id)
            parts += [(start, until, choice) for start, until in one.spans]
    clips = _playable(plan.filler, plan.filler_titles, plan.seed, unplayable)
    whole = FillerChoice(clips, plan.filler_no_repeat)
    return FillerPool(whole, plan.board, plan.slate_text, plan.station, tuple(parts))


def _playable(
    filler: Sequence[Media],
    titles: Sequence[str],
    seed: int,
    unplayable: Mapping[AssetKey, datetime],
) -> Clips:
    named = (*titles, *[""] * (len(filler) - len(titles)))
    clips = [
        (media, title)
        for media, title in zip(filler, named, strict=False)
        if media.key not in unplayable and media.length >= SHORTEST_BOARD
    ]
    clips.sort(key=lambda clip: clip[0].key)
    random.Random(seed).shuffle(clips)
    return tuple(clips)


def fill(
    start: datetime,
    end: datetime,
    pool: FillerPool,
    history: Mapping[AssetKey, datetime],
    *,
    lead: timedelta = timedelta(0),
    until: datetime | None = None,
) -> tuple[Cue, ...]:
    """Return cues that cover [start, end) exactly, the least recently aired clips first.

    While a bulletin can be shown instead, no clip airs again within its choice's `no_repeat` of its
    last start. No clip is cut, or runs over into another part of the day. The first `lead` is board
    or slate, which need no cueing. With `until`, cues that begin at or after it are left out.
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
        self, start: datetime, end: datetime, pool: FillerPool, history: dict[AssetKey, datetime]
    ) -> None:
        self.start, self.at = start, start
        self.whole_end = end
        self.pool = pool
        self.history = history
        self.count = 0
        self._choose()

    def cues(self, lead: timedelta) -> Iterator[Cue]:
        if lead:
            yield from self._still(self._led(lead))
        while self.at < self.whole_end:
            self._choose()
            yield from self._stretch()

    def _led(self, lead: timedelta) -> datetime:
        """Return where the first board or slate ends.

        It reaches to the end of the gap if less than a flash would be left: the item after the gap
        is cued when the cue before it begins, and after a flash it would be late.
        """
        led = min(self.start + lead, self.end)
        return self.whole_end if self.whole_end - led < SHORTEST_BOARD else led

    def _choose(self) -> None:
        """Choose the filler of the next stretch; one too short for any clip joins its neighbour."""
        self.choice, self.end = self.pool.choice(self.at, self.whole_end)
        if self.end - self.at < SHORTEST_CLIP_GAP and self.end < self.whole_end:
            self.choice, self.end = self.pool.choice(self.end, self.whole_end)
        if self.whole_end - self.end < SHORTEST_CLIP_GAP:
            self.end = self.whole_end

    def _stretch(self) -> Iterator[Cue]:
        """Fill one part of the gap from one choice."""
        tail = self.end - self._tail()
        while self.at < tail:
            clip = self._next_clip(self.at)
            if clip is None:
                yield from self._still(min(self._next_eligible(), tail))
            else:
                yield self._play(*clip)
        if self.end - self.at >= SHORTEST_CLIP_GAP:
            for clip in self._best_tail():
                yield self._play(*clip)
        if self._would_be_dull():
            self.choice = self.pool.whole
            yield from self._stretch()
            return
        yield from self._still(self.end)

    def _would_be_dull(self) -> bool:
        """Return whether only the slate could follow, although the whole pool was not tried yet."""
        long = self.end - self.at >= SHORTEST_CLIP_GAP
        return bool(self.choice.policy) and long and not _pages_at(self.pool.board, self.at)

    def _tail(self) -> timedelta:
        """Return how much of the end is left to the search; all of it when there is no clip."""
        lengths = [media.length for media, _ in self.choice.clips]
        if not lengths:
            return self.end - self.at
        return max(max(lengths), min(SEARCHED_TAIL, sum(lengths, timedelta(0))))

    def _next_clip(self, at: datetime) -> tuple[Media, str] | None:
        """Return the least recently aired clip that may air now; any clip if there is no board."""
        if not self.choice.clips:
            return None
        first = min(self.choice.clips, key=self._last)
        if self._eligible(first, at) or not _pages_at(self.pool.board, at):
            return first
        return None

    def _last(self, clip: tuple[Media, str]) -> datetime:
        return self.history.get(clip[0].key, _NEVER)

    def _eligible(self, clip: tuple[Media, str], at: datetime) -> bool:
        last = self.history.get(clip[0].key)
        return last is None or at - last >= self.choice.no_repeat

    def _next_eligible(self) -> datetime:
        if not self.choice.clips:
            return self.end
        oldest = min(self._last(clip) for clip in self.choice.clips)
        return max(oldest + self.choice.no_repeat, self.at + SHORTEST_BOARD)

    def _best_tail(self) -> Sequence[tuple[Media, str]]:
        """Return the combination of clips that leaves the least of the gap uncovered, never a
        flash.
        """
        left = self.end - self.at
        strict = bool(_pages_at(self.pool.board, self.at))
        clips = [
            clip
            for clip in sorted(self.choice.clips, key=self._last)
            if clip[0].length <= left and (not strict or self._eligible(clip, self.at))
        ][:CLIPS_SEARCHED]
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
            kind=ContentKind.FILE,
            title=title or "Filler",
            start=self.at,
            end=self.at + media.length,
            rank=Rank.FILLER,
            media=media,
            policy=self.choice.policy,
            origin=Origin.FILL,
            planned=self.start,
        )
        self.at = cue.end
        return cue

    def _still(self, end: datetime) -> Iterator[Cue]:
        """Yield the board while a page is in force, else the slate, up to `end`."""
        while self.at < end:
            shown = bool(_pages_at(self.pool.board, self.at))
            stop = min(
                end, self.at + LONGEST_STILL, _page_edge(self.pool.board, self.at, shown) or end
            )
            yield Cue(
                id=self._id(),
                item=None,
                kind=ContentKind.BOARD if shown else ContentKind.SLATE,
                title="Bulletin board" if shown else self.pool.station or "Slate",
                start=self.at,
                end=stop,
                rank=Rank.BOARD if shown else Rank.SLATE,
                slate_text=self.pool.slate_text,
                policy=self.choice.policy,
                origin=Origin.FILL,
                planned=self.start,
            )
            self.at = stop

    def _id(self) -> CueId:
        self.count += 1
        return fill_cue_id(self.start, self.count)


def _price(left: timedelta) -> timedelta | None:
    if left < timedelta(0):
        return None
    return left + SEARCHED_TAIL if timedelta(0) < left < SHORTEST_BOARD else left


def _pages_at(board: Sequence[Page], at: datetime) -> list[Page]:
    return [page for page in board if page.shown_from <= at < page.shown_until]


def _page_edge(board: Sequence[Page], at: datetime, shown: bool) -> datetime | None:
    """Return the next instant at which the board gains its first page or loses its last."""
    edges = sorted({edge for page in board for edge in (page.shown_from, page.shown_until)})
    for edge in edges:
        if edge > at and bool(_pages_at(board, edge)) is not shown:
            return edge
    return None
