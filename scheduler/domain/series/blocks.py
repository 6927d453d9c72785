"""Programming blocks: named stretches of the day that fill themselves, round what is planned."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from config.names import AssetKey, ChannelId, ItemId
from config.times import from_to
from playout.model.plan import ContentKind, Item, Media, MissedStart, Rank, StartRule
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId, BlockId
from scheduler.domain.series.patterns import Weekly, days
from scheduler.domain.series.patterns import in_words as day_words
from scheduler.domain.series.recurrence import instant

PREFIX = "block-"
_STAMP = "%Y%m%dT%H%M%S.%f"
SHORTEST = timedelta(seconds=15)
"""A hole shorter than this is left to filler and bulletins."""
MOST = 400
"""Files in one block."""


class Fill(StrEnum):
    """What a block is filled from."""

    ROTATION = "rotation"
    ORDERED = "ordered"
    BULLETINS = "bulletins"
    GAPS = "gaps"
    """Not at all: it only says which files fill the gaps in it."""


@dataclass(frozen=True)
class BlockDraft:
    """What staff may set on a block. Local times; it ends the next day where `until` <= `at`."""

    channel: ChannelId
    name: str
    weekdays: frozenset[int]
    at: time
    until: time
    first: date
    last: date | None = None
    fill: Fill = Fill.ROTATION
    assets: tuple[AssetId, ...] = ()
    no_repeat: timedelta = timedelta(hours=4)
    opener: AssetId | None = None
    closer: AssetId | None = None


@dataclass(frozen=True)
class Block:
    """A block as the house keeps it."""

    id: BlockId
    draft: BlockDraft
    archived: bool
    version: int


@dataclass(frozen=True)
class Stretch:
    """One airing of a block: its local day and the instants between which it fills what is free."""

    block: Block
    day: date
    start: datetime
    end: datetime


Span = tuple[datetime, datetime]
Times = Mapping[AssetKey, Sequence[datetime]]  # when each file begins to air


def problems(draft: BlockDraft) -> dict[str, str]:
    """What is wrong with the draft, a sentence for each field; empty when it may be kept."""
    found: dict[str, str] = {}
    if not draft.name.strip() or len(draft.name) > 120:
        found["name"] = "Give the block a name of up to 120 characters."
    if not draft.weekdays or not draft.weekdays <= frozenset(range(7)):
        found["weekdays"] = "Choose at least one day of the week."
    if draft.last is not None and draft.last < draft.first:
        found["last"] = "The last day cannot be before the first."
    if draft.fill is not Fill.BULLETINS and not draft.assets:
        found["assets"] = "Choose at least one file to fill it with."
    if len(draft.assets) > MOST:
        found["assets"] = f"A block holds up to {MOST} files."
    if not timedelta(0) <= draft.no_repeat <= timedelta(days=60):
        found["no_repeat"] = "Choose a time between repeats of up to 60 days."
    return found


def files_of(block: Block) -> tuple[AssetId | None, ...]:
    """Every file it may air, opener and closer too."""
    return (*block.draft.assets, block.draft.opener, block.draft.closer)


def in_words(draft: BlockDraft) -> str:
    """`every weekday 13:00–17:00`."""
    return f"{day_words(Weekly(draft.weekdays))} {from_to(draft.at, draft.until)}"


def stretches(
    blocks: Iterable[Block], zone: ZoneInfo, since: datetime, until: datetime
) -> list[Stretch]:
    """Every airing of the blocks that touches [since, until), by start."""
    found = []
    for block in blocks:
        draft = block.draft
        first = since.astimezone(zone).date() - timedelta(days=2)
        last = until.astimezone(zone).date() + timedelta(days=1)
        last = min(last, draft.last or last)
        for day in days(Weekly(draft.weekdays), draft.first, first, last):
            start = instant(datetime.combine(day, draft.at), zone)
            over = timedelta(days=1) if draft.until <= draft.at else timedelta(0)
            end = instant(datetime.combine(day + over, draft.until), zone)
            if start < until and end > since:
                found.append(Stretch(block, day, start, end))
    return sorted(found, key=lambda one: (one.start, one.end, one.block.id))


def fill(
    wanted: Sequence[Stretch],
    busy: Iterable[Span],
    assets: Mapping[AssetId, Asset],
    aired: Times,
    planned: Times,
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


def shared(wanted: Iterable[Stretch], taken: Iterable[Span] = ()) -> dict[Stretch, list[Span]]:
    """What each stretch has for itself beside what is taken: of two the shorter comes first."""
    gone, free = sorted(taken), {}
    for stretch in sorted(wanted, key=lambda one: (one.end - one.start, one.start, one.block.id)):
        free[stretch] = list(free_of(stretch.start, stretch.end, gone))
        gone = sorted([*gone, (stretch.start, stretch.end)])
    return free


def block_of(item: ItemId | None) -> str:
    """The id of the block that made an item; empty for any other item."""
    return item.split("-")[1] if item is not None and item.startswith(PREFIX) else ""


def planned_start(item: ItemId) -> datetime:
    """When an item that a block made was to begin, by its id, UTC."""
    return datetime.strptime(item.split("-")[2], _STAMP).replace(tzinfo=UTC)


def _before(stretch: Stretch, aired: Times, known: Times) -> dict[AssetKey, list[datetime]]:
    """When each file aired before the stretch, and is planned to air before or after."""
    keys = {**aired, **known}
    return {
        key: [at for at in aired.get(key, ()) if at < stretch.start] + list(known.get(key, ()))
        for key in keys
    }


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


class _Filling:
    """One airing of a block while it is being filled."""

    def __init__(
        self,
        stretch: Stretch,
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
        while end - at >= SHORTEST:
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
            id=self._id(start, media.key[:8]),
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

    def _id(self, start: datetime, what: str) -> ItemId:
        return ItemId(f"{PREFIX}{self.stretch.block.id}-{start.astimezone(UTC):{_STAMP}}-{what}")
