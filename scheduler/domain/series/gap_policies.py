"""The files that fill gaps during a block that chooses them, and blocks that have none to offer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from playout.model.plan import FillerPolicy, Media
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.slide import Slide
from scheduler.domain.model.spans import TimeSpan
from scheduler.domain.series.block_filling import free_spans, time_shares
from scheduler.domain.series.blocks import Block, BlockRun, Fill

CHOOSE_FILLER = frozenset({Fill.BULLETINS, Fill.GAPS})


@dataclass(frozen=True)
class EmptyBlock:
    """A part of a run whose block has nothing to fill gaps with, so that the usual filler is
    used."""

    block: Block
    start: datetime
    end: datetime
    sentence: str


def may_fill(asset: Asset) -> bool:
    """Return whether the file can fill a gap: a still cannot, for it has no length of its own."""
    return asset.fit and asset.media is not None and bool(asset.media.length)


def policies(runs: Iterable[BlockRun], assets: Mapping[AssetId, Asset]) -> tuple[FillerPolicy, ...]:
    """Return what each block lets fill gaps, and when; of two at one time the shorter decides.

    A block none of whose files may air is left out: its gaps get the channel's usual filler.
    """
    spans: dict[Block, list[TimeSpan]] = {}
    for stretch, own in _choosing(runs).items():
        spans.setdefault(stretch.block, []).extend(own)
    filler_policies = []
    for block, own in sorted(spans.items(), key=lambda one: one[0].id):
        clips = _clips(block, assets)
        if own and (clips or block.draft.fill is Fill.BULLETINS):
            media, titles = tuple(one for one, _ in clips), tuple(title for _, title in clips)
            again = block.draft.no_repeat
            filler_policies.append(FillerPolicy(block.id, tuple(sorted(own)), media, titles, again))
    return tuple(filler_policies)


def empty_blocks(
    runs: Iterable[BlockRun],
    assets: Mapping[AssetId, Asset],
    slides: Sequence[Slide],
) -> Iterator[EmptyBlock]:
    """Yield each part of a run in which its block has nothing of its own to fill gaps with.

    `slides` are the bulletins of its channel.
    """
    pages = sorted((slide.draft.shown_from, slide.draft.shown_until) for slide in slides)
    for stretch, own in _choosing(runs).items():
        bulletins = stretch.block.draft.fill is Fill.BULLETINS
        if not bulletins and _clips(stretch.block, assets):
            continue
        what = "no bulletin to show" if bulletins else "no file that may air"
        text = f"“{stretch.block.draft.name}” has {what}: its gaps are filled like any other."
        for start, end in own:
            for bare in free_spans(start, end, pages) if bulletins else [(start, end)]:
                yield EmptyBlock(stretch.block, *bare, text)


def _choosing(runs: Iterable[BlockRun]) -> dict[BlockRun, list[TimeSpan]]:
    return time_shares(one for one in runs if one.block.draft.fill in CHOOSE_FILLER)


def _clips(block: Block, assets: Mapping[AssetId, Asset]) -> list[tuple[Media, str]]:
    if block.draft.fill is Fill.BULLETINS:
        return []
    named = (assets.get(id) for id in dict.fromkeys(block.draft.assets))
    return [(one.media, one.title) for one in named if one and one.media and may_fill(one)]
