"""The files that fill a block: which one airs when, round what is planned by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from config.names import AssetKey
from playout.model.plan import ContentKind, Item, Media, MissedStart, Rank, StartRule
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.series.blocks import BlockRun, Fill, Span, StartsByFile, item_id

SHORTEST_FILLED = timedelta(seconds=15)
"""A hole shorter than this is left to filler and bulletins."""


def fill(
    wanted: Sequence[BlockRun],
    busy: Iterable[Span],
    assets: Mapping[AssetId, Asset],
    aired: StartsByFile,
    planned: StartsByFile,
    *,
    alone: bool = False,
) -> tuple[Item, ...]:
    """Items that fill what is free of each stretch, whole files only; the rest is left to filler.

    `busy` is what is planned by name. Bulletins keep their time free of other blocks; a choice of
    what fills gaps takes none. A stretch looks at what aired before it began, never at
    what aired since, so that it stays as it is while it airs. The same rows and history give the
    same items: chance is drawn from the block's id and the day. Of two blocks the shorter one has
    the air. `alone` says that neither filler nor bulletins could follow: then the time without a
    repeat yields, for the least recently aired file is better than the slate.
    """
    taken = sorted(busy)
    known: dict[AssetKey, list[datetime]] = {key: list(times) for key, times in planned.items()}
    timed = [one for one in wanted if one.block.draft.fill is not Fill.GAPS]
    free = shared(timed, taken)
    items: list[Item] = []
    for stretch in timed:
        if stretch.block.draft.fill is Fill.BULLETINS:
            continue
        times = _before(stretch, aired, known)
        filling = _Filling(stretch, free[stretch], assets, times, alone=alone)
        for item in filling.items():
            items.append(item)
            if item.media is not None:
                known.setdefault(item.media.key, []).append(item.start)
    return tuple(sorted(items, key=lambda item: (item.start, item.id)))


def shared(wanted: Iterable[BlockRun], taken: Iterable[Span] = ()) -> dict[BlockRun, list[Span]]:
    """What each stretch has for itself beside what is taken: of two the shorter comes first."""
    gone, free = sorted(taken), {}
    for stretch in sorted(wanted, key=lambda one: (one.end - one.start, one.start, one.block.id)):
        free[stretch] = list(free_of(stretch.start, stretch.end, gone))
        gone = sorted([*gone, (stretch.start, stretch.end)])
    return free


def free_of(start: datetime, end: datetime, taken: Sequence[Span]) -> Iterator[Span]:
    """What of [start, end) is not taken; `taken` is sorted."""
    at = start
    for begin, until in taken:
        if begin >= end:
            break
        if begin > at:
            yield at, begin
        at = max(at, until)
    if at < end:
        yield at, end


def _before(
    stretch: BlockRun, aired: StartsByFile, known: StartsByFile
) -> dict[AssetKey, list[datetime]]:
    """When each file aired before the stretch, and is planned to air before or after."""
    keys = {**aired, **known}
    return {
        key: [at for at in aired.get(key, ()) if at < stretch.start] + list(known.get(key, ()))
        for key in keys
    }


class _Filling:
    """One airing of a block while it is being filled."""

    def __init__(
        self,
        stretch: BlockRun,
        free: list[Span],
        assets: Mapping[AssetId, Asset],
        times: dict[AssetKey, list[datetime]],
        *,
        alone: bool,
    ) -> None:
        self.stretch, self.free, self.times, self.alone = stretch, free, times, alone
        self.draft = stretch.block.draft
        self.assets = assets
        named = dict.fromkeys(self.draft.assets)
        self.clips = [clip for id in named if (clip := self._clip(id)) is not None]

    def _clip(self, id: AssetId | None) -> tuple[Media, str] | None:
        asset = self.assets.get(id) if id else None
        media = asset.media if asset and asset.fit else None
        return (media, asset.title) if asset and media and media.length else None

    def items(self) -> Iterator[Item]:
        opener, closer = self._clip(self.draft.opener), self._clip(self.draft.closer)
        for number, (start, end) in enumerate(self.free):
            if number == 0 and opener and opener[0].length <= end - start:
                yield self._item(opener, start)
                start += opener[0].length
            last = number == len(self.free) - 1 and closer is not None
            if last and closer and closer[0].length <= end - start:
                end -= closer[0].length
                yield self._item(closer, end)
            yield from self._run(start, end)

    def _run(self, at: datetime, end: datetime) -> Iterator[Item]:
        while end - at >= SHORTEST_FILLED:
            clip = self._next(at, end - at)
            if clip is not None:
                yield self._item(clip, at)
                at += clip[0].length
                continue
            later = [self._fresh_from(one[0].key, at) for one in self.clips]
            at = min((moment for moment in later if moment > at), default=end)

    def _fresh_from(self, key: AssetKey, at: datetime) -> datetime:
        """From when on the clip may air again."""
        near = [time for time in self.times.get(key, ()) if abs(time - at) < self.draft.no_repeat]
        return max(near) + self.draft.no_repeat if near else at

    def _next(self, at: datetime, room: timedelta) -> tuple[Media, str] | None:
        """The clip whose turn it is, of those that fit and did not air too recently."""
        fits = [clip for clip in self.clips if clip[0].length <= room]
        fresh = [clip for clip in fits if not self._near(clip[0].key, at)]
        fits = fresh if fresh or not self.alone else fits
        if not fits:
            return None
        if self.draft.fill is Fill.ORDERED:
            return min(fits, key=lambda clip: self._turn(clip, at))
        return min(fits, key=lambda clip: (self._since(clip, at), self._chance(clip)))

    def _since(self, clip: tuple[Media, str], at: datetime) -> float:
        times = self.times.get(clip[0].key, ())
        return max((time.timestamp() for time in times if time < at), default=0.0)

    def _near(self, key: AssetKey, at: datetime) -> bool:
        """Whether it begins too near this moment, before or after."""
        return any(abs(time - at) < self.draft.no_repeat for time in self.times.get(key, ()))

    def _turn(self, clip: tuple[Media, str], at: datetime) -> int:
        """How many places after the one that aired last it stands in the list."""
        newest = max(self.clips, key=lambda one: self._since(one, at))
        begun = self._since(newest, at) > 0
        place = self.clips.index(newest) + 1 if begun else 0
        return (self.clips.index(clip) - place) % len(self.clips)

    def _chance(self, clip: tuple[Media, str]) -> str:
        """Decides between clips that never aired: another order for each block and day."""
        text = f"{self.stretch.block.id}/{self.stretch.day}/{clip[0].key}"
        return sha256(text.encode()).hexdigest()

    def _item(self, clip: tuple[Media, str], start: datetime) -> Item:
        media, title = clip
        self.times.setdefault(media.key, []).append(start)
        return Item(
            id=item_id(self.stretch.block, start, media),
            kind=ContentKind.FILE,
            title=title,
            start=start,
            length=media.length,
            start_rule=StartRule.HARD,
            missed=MissedStart.JOIN,
            rank=Rank.BLOCK,
            media=media,
            replaces_with=self.draft.name,
        )
