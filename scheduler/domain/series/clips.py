"""Files that may fill a block or a gap, by name or by a saved search."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playout.model.plan import Media
from scheduler.domain.library.saved_search import SearchPool, found_at
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import SearchId

Pools = Mapping[SearchId, SearchPool]


@dataclass(frozen=True)
class Clip:
    """A file that may fill time, and where in it air begins."""

    media: Media
    title: str
    in_point: timedelta = timedelta(0)
    """First moment of the file that airs."""
    added: datetime | None = None
    """When it came, of what a saved search found."""

    @property
    def length(self) -> timedelta:
        """Its time on air."""
        return self.media.length - self.in_point


def clip_of(asset: Asset | None) -> Clip | None:
    """Return the file as a clip; None where it may not air, or is a still, which has no length."""
    if asset is None or not asset.fit or asset.media is None or not asset.media.length:
        return None
    return Clip(asset.media, asset.title)


def clips_of(assets: Iterable[Asset | None]) -> list[Clip]:
    """Return those of the files that may fill time."""
    return [clip for asset in assets if (clip := clip_of(asset)) is not None]


def found_clips(
    searches: Iterable[SearchId], pools: Pools, at: datetime, zone: ZoneInfo
) -> list[Clip]:
    """Return what saved searches find at `at`, each in its order."""
    return [
        Clip(one.media, one.facts.title, one.in_point, one.facts.added)
        for id in searches
        if id in pools
        for one in found_at(pools[id], at, zone)
    ]


def distinct(clips: Iterable[Clip]) -> list[Clip]:
    """Return the clips with each file once, at its first place."""
    first: dict[str, Clip] = {}
    for clip in clips:
        first.setdefault(clip.media.material, clip)
    return list(first.values())


def for_gaps(clips: Iterable[Clip]) -> list[Clip]:
    """Return the clips that may fill gaps, each file once.

    Filler airs from the start of its file, so a recording that begins before its meeting is left
    out.
    """
    return distinct(clip for clip in clips if not clip.in_point)
