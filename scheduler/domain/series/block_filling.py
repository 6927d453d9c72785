"""The choice of files that fill a block, round what is planned by name.

One worked example: a block 13:00–17:00 of files A (60 min), B (50 min) and C (30 min), aired in
rotation and not repeated within four hours. A meeting is planned 14:00–15:30.

    free        chosen                         why
    13:00–14:00 A 13:00                        of those never aired, chance picks A for this day
    15:30–17:00 B 15:30, C 16:20               A aired too recently; both fit
    16:50–17:00 nothing                        no file fits into ten minutes: filler follows

The same rows and history always give the same items, so a plan that nobody changed is not published
again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from config.names import AssetKey
from playout.model.plan import ContentKind, Item, MissedStart, Rank, StartRule
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.spans import TimeSpan
from scheduler.domain.series.blocks import BlockRun, Fill, StartsByFile, item_id
from scheduler.domain.series.clips import Clip, Pools, clip_of, clips_of, distinct, found_clips

SHORTEST_FILLED = timedelta(seconds=15)
"""A shorter hole is left to filler and bulletins."""


def fill_blocks(
    runs: Sequence[BlockRun],
    busy: Iterable[TimeSpan],
    assets: Mapping[AssetId, Asset],
    aired: StartsByFile,
    planned: StartsByFile,
    pools: Pools | None = None,
    *,
    alone: bool = False,
) -> tuple[Item, ...]:
    """Return items that fill the free time of each run with whole files; filler takes what is left.

    `busy` is the time planned by name. Bulletin blocks keep their time free of other blocks; blocks
    that only choose gap filler take none. Of two blocks at one time the shorter has the air.

    A run takes into account what aired before it began and never what aired since, so that it does
    not change while it airs. `aired` and `planned` are the starts of each file before and after
    now; `pools` is what the blocks' saved searches find. `alone` says that the channel has neither
    filler nor bulletins: then the least recently aired file is repeated early, for that is better
    than the slate.
    """
    taken = sorted(busy)
    known: dict[AssetKey, list[datetime]] = {key: list(times) for key, times in planned.items()}
    timed = [one for one in runs if one.block.draft.fill is not Fill.GAPS]
    free = time_shares(timed, taken)
    items: list[Item] = []
    for stretch in timed:
        if stretch.block.draft.fill is Fill.BULLETINS:
            continue
        times = _starts_by_file(stretch, aired, known)
        filling = _Filling(stretch, free[stretch], assets, times, pools or {}, alone=alone)
        for item in filling.items():
            items.append(item)
            if item.media is not None:
                known.setdefault(item.media.material, []).append(item.start)
    return tuple(sorted(items, key=lambda item: (item.start, item.id)))


def time_shares(
    runs: Iterable[BlockRun], taken: Iterable[TimeSpan] = ()
) -> dict[BlockRun, list[TimeSpan]]:
    """Return the free time of each run; where two overlap, the shorter one takes the time."""
    gone, free = sorted(taken), {}
    for stretch in sorted(runs, key=lambda one: (one.end - one.start, one.start, one.block.id)):
        free[stretch] = list(free_spans(stretch.start, stretch.end, gone))
        gone = sorted([*gone, (stretch.start, stretch.end)])
    return free


def free_spans(start: datetime, end: datetime, taken: Sequence[TimeSpan]) -> Iterator[TimeSpan]:
    """Yield the parts of [start, end) that are not taken; `taken` is sorted."""
    at = start
    for begin, until in taken:
        if begin >= end:
            break
        if begin > at:
            yield at, begin
        at = max(at, until)
    if at < end:
        yield at, end


def _starts_by_file(
    stretch: BlockRun, aired: StartsByFile, known: StartsByFile
) -> dict[AssetKey, list[datetime]]:
    """Return when each file aired before the run, and every start that is planned for it."""
    keys = {**aired, **known}
    return {
        key: [at for at in aired.get(key, ()) if at < stretch.start] + list(known.get(key, ()))
        for key in keys
    }


class _Filling:
    """One run of a block while it is being filled."""

    def __init__(
        self,
        stretch: BlockRun,
        free: list[TimeSpan],
        assets: Mapping[AssetId, Asset],
        times: dict[AssetKey, list[datetime]],
        pools: Pools,
        *,
        alone: bool,
    ) -> None:
        self.stretch, self.free, self.times, self.alone = stretch, free, times, alone
        self.draft = stretch.block.draft
        self.assets = assets
        named = clips_of(assets.get(id) for id in self.draft.assets)
        self.clips = distinct([*named, *self._found(pools)])

    def _found(self, pools: Pools) -> Iterator[Clip]:
        """Yield what saved searches find at the start of the run. What came since is left out, so
        that the run does not change while it airs.
        """
        start, zone = self.stretch.start, self.stretch.zone
        for clip in found_clips(self.draft.searches, pools, start, zone):
            if clip.added is not None and clip.added <= start:
                yield clip

    def _clip(self, id: AssetId | None) -> Clip | None:
        return clip_of(self.assets.get(id) if id else None)

    def items(self) -> Iterator[Item]:
        """Yield the opener, the files and the closer, free span by free span."""
        opener, closer = self._clip(self.draft.opener), self._clip(self.draft.closer)
        for number, (start, end) in enumerate(self.free):
            if number == 0 and opener and opener.length <= end - start:
                yield self._item(opener, start)
                start += opener.length
            last = number == len(self.free) - 1 and closer is not None
            if last and closer and closer.length <= end - start:
                end -= closer.length
                yield self._item(closer, end)
            yield from self._run(start, end)

    def _run(self, at: datetime, end: datetime) -> Iterator[Item]:
        """Fill one span from its start; where nothing may air yet, skip to when the next file
        may."""
        while end - at >= SHORTEST_FILLED:
            clip = self._next(at, end - at)
            if clip is not None:
                yield self._item(clip, at)
                at += clip.length
                continue
            later = [self._fresh_from(one.media.material, at) for one in self.clips]
            at = min((moment for moment in later if moment > at), default=end)

    def _fresh_from(self, key: AssetKey, at: datetime) -> datetime:
        """Return from when on the file may air again."""
        near = [time for time in self.times.get(key, ()) if abs(time - at) < self.draft.no_repeat]
        return max(near) + self.draft.no_repeat if near else at

    def _next(self, at: datetime, room: timedelta) -> Clip | None:
        """Choose the next file, of those that fit and did not air too recently."""
        fits = [clip for clip in self.clips if clip.length <= room]
        fresh = [clip for clip in fits if not self._near(clip.media.material, at)]
        fits = fresh if fresh or not self.alone else fits
        if not fits:
            return None
        if self.draft.fill is Fill.ORDERED:
            return min(fits, key=lambda clip: self._turn(clip, at))
        return min(fits, key=lambda clip: (self._since(clip, at), self._chance(clip)))

    def _since(self, clip: Clip, at: datetime) -> float:
        """Return when the file aired last before this moment, in seconds since 1970; 0 for
        never."""
        times = self.times.get(clip.media.material, ())
        return max((time.timestamp() for time in times if time < at), default=0.0)

    def _near(self, key: AssetKey, at: datetime) -> bool:
        """Return whether the file begins too near this moment, before or after it."""
        return any(abs(time - at) < self.draft.no_repeat for time in self.times.get(key, ()))

    def _turn(self, clip: Clip, at: datetime) -> int:
        """Return how many places after the file that aired last this one stands in the block's
        list.
        """
        newest = max(self.clips, key=lambda one: self._since(one, at))
        begun = self._since(newest, at) > 0
        place = self.clips.index(newest) + 1 if begun else 0
        return (self.clips.index(clip) - place) % len(self.clips)

    def _chance(self, clip: Clip) -> str:
        """Return a key that orders files that never aired: random per block and day, yet
        repeatable.
        """
        text = f"{self.stretch.block.id}/{self.stretch.day}/{clip.media.material}"
        return sha256(text.encode()).hexdigest()

    def _item(self, clip: Clip, start: datetime) -> Item:
        media, title = clip.media, clip.title
        self.times.setdefault(media.material, []).append(start)
        return Item(
            id=item_id(self.stretch.block, start, media),
            kind=ContentKind.FILE,
            title=title,
            start=start,
            length=clip.length,
            start_rule=StartRule.HARD,
            missed=MissedStart.JOIN,
            rank=Rank.BLOCK,
            media=media,
            in_point=clip.in_point,
            replaces_with=self.draft.name,
        )
