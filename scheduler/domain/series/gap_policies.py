"""The files that fill gaps during a block that chooses them, and blocks that have none to offer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from playout.model.plan import FillerPolicy
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.slide import Slide
from scheduler.domain.model.spans import TimeSpan
from scheduler.domain.series.block_filling import free_spans, time_shares
from scheduler.domain.series.blocks import Block, BlockRun, Fill
from scheduler.domain.series.clips import Clip, Pools, clips_of, for_gaps, found_clips

CHOOSE_FILLER = frozenset({Fill.BULLETINS, Fill.GAPS})


@dataclass(frozen=True)
class EmptyBlock:
    """A part of a run whose block has nothing to fill gaps with, so that the usual filler is
    used."""

    block: Block
    start: datetime
    end: datetime
    sentence: str


@dataclass(frozen=True)
class Searched:
    """The saved searches of blocks, asked at one moment."""

    pools: Pools
    at: datetime

    def clips(self, block: Block, zone: ZoneInfo) -> list[Clip]:
        """Return what the block's searches find."""
        return found_clips(block.draft.searches, self.pools, self.at, zone)


def policies(
    runs: Iterable[BlockRun], assets: Mapping[AssetId, Asset], searched: Searched | None = None
) -> tuple[FillerPolicy, ...]:
    """Return what each block lets fill gaps, and when; of two at one time the shorter decides.

    A block none of whose files may air is left out: its gaps get the channel's usual filler.
    """
    spans: dict[Block, list[TimeSpan]] = {}
    zones: dict[Block, ZoneInfo] = {}
    for stretch, own in _choosing(runs).items():
        spans.setdefault(stretch.block, []).extend(own)
        zones[stretch.block] = stretch.zone
    filler_policies = []
    for block, own in sorted(spans.items(), key=lambda one: one[0].id):
        clips = _clips(block, assets, searched, zones[block])
        if own and (clips or block.draft.fill is Fill.BULLETINS):
            media = tuple(clip.media for clip in clips)
            titles = tuple(clip.title for clip in clips)
            again = block.draft.no_repeat
            filler_policies.append(FillerPolicy(block.id, tuple(sorted(own)), media, titles, again))
    return tuple(filler_policies)


def empty_blocks(
    runs: Iterable[BlockRun],
    assets: Mapping[AssetId, Asset],
    slides: Sequence[Slide],
    searched: Searched | None = None,
) -> Iterator[EmptyBlock]:
    """Yield each part of a run in which its block has nothing of its own to fill gaps with.

    `slides` are the bulletins of its channel.
    """
    pages = sorted((slide.draft.shown_from, slide.draft.shown_until) for slide in slides)
    for stretch, own in _choosing(runs).items():
        bulletins = stretch.block.draft.fill is Fill.BULLETINS
        if not bulletins and _clips(stretch.block, assets, searched, stretch.zone):
            continue
        what = "no bulletin to show" if bulletins else "no file that may air"
        text = f"“{stretch.block.draft.name}” has {what}: its gaps are filled like any other."
        for start, end in own:
            for bare in free_spans(start, end, pages) if bulletins else [(start, end)]:
                yield EmptyBlock(stretch.block, *bare, text)


def _choosing(runs: Iterable[BlockRun]) -> dict[BlockRun, list[TimeSpan]]:
    return time_shares(one for one in runs if one.block.draft.fill in CHOOSE_FILLER)


def _clips(
    block: Block, assets: Mapping[AssetId, Asset], searched: Searched | None, zone: ZoneInfo
) -> list[Clip]:
    """Return what may fill the block's gaps: the files of its list, then of its searches."""
    if block.draft.fill is Fill.BULLETINS:
        return []
    named = clips_of(assets.get(id) for id in block.draft.assets)
    found = searched.clips(block, zone) if searched is not None else []
    return for_gaps([*named, *found])
