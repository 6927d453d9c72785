"""Filling of gaps: whole filler clips, bulletins for the rest, the slate where there are neither.

A choice of files can depend on the part of the day. An empty choice is the whole pool, then
bulletins, then the slate.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

from config.names import AssetKey
from playout.model.cue_ids import Origin, fill_cue_ids
from playout.model.plan import ContentKind, Media, Rank
from playout.model.rundown import Cue
from playout.timing.filler_pool import SHORTEST_BOARD, FillerPool, page_edge, pages_at

SHORTEST_CLIP_GAP = timedelta(seconds=5)
"""A shorter gap gets no clip: there is hardly time to cue a deck for one."""
SEARCHED_TAIL = timedelta(minutes=5)
"""The end of a gap, for which the best combination of clips is searched."""
CLIPS_SEARCHED = 8
"""How many clips take part in that search; 2 to the power of this combinations are tried."""
LONGEST_STILL = timedelta(hours=1)
"""The longest single cue of board or slate, so that a long gap is several cues."""
_NEVER = datetime.min.replace(tzinfo=UTC)
"""The last start of a clip that has not aired yet."""


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
    """One gap while it is being filled, from its start to its end.

    Clips air whole, the least recently aired first, and in the plan's seeded order before any has
    aired. In the last minutes that would leave a board of any length; there the combination of
    clips is sought that leaves least.

    Example: a meeting is adjourned at 10:00:00, the next program starts at 10:09:00. The pool has
    clips of 200, 160, 130 and 95 s, no clip may air twice within the hour, and a bulletin is in
    force:

        10:00:00  board      3 s   the deck is being cued: the end was not planned
        10:00:03  clip     200 s   first of the seeded order
        10:03:23  clip      95 s   second; it starts more than five minutes before the end
        10:04:58  clip     160 s   242 s are left and searched: of the clips not aired yet, 160 s
                                   leave 82 s, 130 s leave 112 s, and both are too long
        10:07:38  board     82 s   to 10:09:00

    `test_filler` runs this example.
    """

    def __init__(
        self, start: datetime, end: datetime, pool: FillerPool, history: dict[AssetKey, datetime]
    ) -> None:
        self.start, self.at = start, start
        self.whole_end = end
        self.pool = pool
        self.history = history
        self.ids = fill_cue_ids(start)
        self._choose()

    def cues(self, lead: timedelta) -> Iterator[Cue]:
        """Yield the cues of the whole gap, the first `lead` of it board or slate."""
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
        # A choice for part of the day that has nothing more to give must not leave a long slate.
        if self._would_be_dull():
            self.choice = self.pool.whole
            yield from self._stretch()
            return
        yield from self._still(self.end)

    def _would_be_dull(self) -> bool:
        """Return whether only the slate could follow, although the whole pool was not tried yet."""
        long = self.end - self.at >= SHORTEST_CLIP_GAP
        return bool(self.choice.policy) and long and not pages_at(self.pool.board, self.at)

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
        if self._eligible(first, at) or not pages_at(self.pool.board, at):
            return first
        return None

    def _last(self, clip: tuple[Media, str]) -> datetime:
        return self.history.get(clip[0].material, _NEVER)

    def _eligible(self, clip: tuple[Media, str], at: datetime) -> bool:
        last = self.history.get(clip[0].material)
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
        # Repeating a clip within the hour is better than a slate, and worse than bulletins.
        strict = bool(pages_at(self.pool.board, self.at))
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
        self.history[media.material] = self.at
        cue = Cue(
            id=next(self.ids),
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
            shown = bool(pages_at(self.pool.board, self.at))
            stop = min(
                end, self.at + LONGEST_STILL, page_edge(self.pool.board, self.at, shown) or end
            )
            yield Cue(
                id=next(self.ids),
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


def _price(left: timedelta) -> timedelta | None:
    """Return what leaving so much uncovered costs; a flash of board costs most; None if
    overfull."""
    if left < timedelta(0):
        return None
    return left + SEARCHED_TAIL if timedelta(0) < left < SHORTEST_BOARD else left
