"""Programming blocks: named parts of the day that fill themselves round what is planned by name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from config.names import AssetKey, ChannelId, ItemId
from playout.model.plan import Media
from scheduler.domain.model.ids import AssetId, BlockId, SearchId
from scheduler.domain.series import hours
from scheduler.domain.series.hours import WeeklyHours

ID_PREFIX = "block-"
_STAMP = "%Y%m%dT%H%M%S.%f"
MOST_FILES = 400
"""Most files in one block."""
MOST_SEARCHES = 10
"""Most saved searches of one block."""


class Fill(StrEnum):
    """The way a block is filled."""

    ROTATION = "rotation"
    ORDERED = "ordered"
    BULLETINS = "bulletins"
    GAPS = "gaps"
    """Not at all: it only says which files fill the gaps in it."""


@dataclass(frozen=True)
class BlockDraft:
    """The fields of a block that staff may set. Local times; it ends the next day if `until` <=
    `at`.
    """

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
    searches: tuple[SearchId, ...] = ()
    """Saved searches, whose files follow those of the list."""

    @property
    def hours(self) -> WeeklyHours:
        """The hours that it fills."""
        return WeeklyHours(self.weekdays, self.at, self.until)


@dataclass(frozen=True)
class Block:
    """A block as stored."""

    id: BlockId
    draft: BlockDraft
    archived: bool
    version: int


@dataclass(frozen=True)
class BlockRun:
    """One run of a block: its local day, and the instants between which it fills what is free."""

    block: Block
    day: date
    start: datetime
    end: datetime
    zone: ZoneInfo
    """Of its channel."""


StartsByFile = Mapping[AssetKey, Sequence[datetime]]  # by Media.material


def problems(draft: BlockDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not draft.name.strip() or len(draft.name) > 120:
        errors["name"] = "Give the block a name of up to 120 characters."
    if not draft.weekdays or not draft.weekdays <= frozenset(range(7)):
        errors["weekdays"] = "Choose at least one day of the week."
    if draft.last is not None and draft.last < draft.first:
        errors["last"] = "The last day cannot be before the first."
    if draft.fill is not Fill.BULLETINS and not (draft.assets or draft.searches):
        errors["assets"] = "Choose at least one file or saved search to fill it with."
    if len(draft.searches) > MOST_SEARCHES:
        errors["searches"] = f"A block draws from up to {MOST_SEARCHES} saved searches."
    if len(draft.assets) > MOST_FILES:
        errors["assets"] = f"A block holds up to {MOST_FILES} files."
    if not timedelta(0) <= draft.no_repeat <= timedelta(days=60):
        errors["no_repeat"] = "Choose a time between repeats of up to 60 days."
    return errors


def files_of(block: Block) -> tuple[AssetId | None, ...]:
    """Return every file the block may air, with its opener and closer."""
    return (*block.draft.assets, block.draft.opener, block.draft.closer)


def in_words(draft: BlockDraft) -> str:
    """Return `every weekday 13:00–17:00`."""
    return draft.hours.in_words


def block_runs(
    blocks: Iterable[Block], zone: ZoneInfo, since: datetime, until: datetime
) -> list[BlockRun]:
    """Return every run of the blocks that touches [since, until), by start."""
    runs = []
    for block in blocks:
        draft = block.draft
        each = hours.runs(draft.hours, zone, since, until, draft.first, draft.last)
        runs += [BlockRun(block, one.day, one.start, one.end, zone) for one in each]
    return sorted(runs, key=lambda one: (one.start, one.end, one.block.id))


def block_of(item: ItemId | None) -> str:
    """Return the id of the block that made an item; empty for any other item."""
    return item.split("-")[1] if item is not None and item.startswith(ID_PREFIX) else ""


def item_id(block: Block, start: datetime, media: Media) -> ItemId:
    """Return the id of an item that the block puts at `start`; `block_of` and `planned_start` read
    it.
    """
    at = f"{start.astimezone(UTC):{_STAMP}}"
    return ItemId(f"{ID_PREFIX}{block.id}-{at}-{media.content}")


def planned_start(item: ItemId) -> datetime:
    """Return the planned start that the id of a block's item carries, UTC."""
    return datetime.strptime(item.split("-")[2], _STAMP).replace(tzinfo=UTC)
