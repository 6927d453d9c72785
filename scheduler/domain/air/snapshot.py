"""The rows that a plan is built from, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from config.names import AiringId
from config.times import Hours
from playout.model.announced import Announced
from playout.model.look import StationLook
from playout.model.plan import Media
from playout.model.search import SearchFacts
from playout.model.source import Source
from scheduler.domain.library.saved_search import SearchPool
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.graphics import ChannelGraphics
from scheduler.domain.model.ids import AssetId, SearchId
from scheduler.domain.model.protected_times import Anchor
from scheduler.domain.model.slide import Slide
from scheduler.domain.series.blocks import Block, StartsByFile
from scheduler.domain.series.crawls import ChannelCrawl

FileSpan = tuple[timedelta, timedelta]
"""In and out point in a file."""
NO_GRAPHICS = ChannelGraphics()


@dataclass(frozen=True)
class RecordedFile:
    """A recording as replays show it."""

    media: Media
    """Its length reaches to the out point."""
    first: timedelta
    """In point."""


@dataclass(frozen=True)
class Snapshot:
    """Everything a plan is built from, read in one transaction."""

    channel: Channel
    airings: tuple[Airing, ...]
    assets: Mapping[AssetId, Asset]
    filler: tuple[Asset, ...]
    slides: tuple[Slide, ...]
    sources: tuple[Source, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    blocks: tuple[Block, ...] = ()
    aired: StartsByFile = field(default_factory=dict)
    """When the files of the blocks aired."""
    graphics: ChannelGraphics = NO_GRAPHICS
    twelve_hours: bool = True
    """How a clock on the picture is written."""
    look: StationLook = StationLook()
    hours: Hours = Hours.TWELVE
    announced: tuple[Announced, ...] = ()
    crawls: tuple[ChannelCrawl, ...] = ()
    recorded: Mapping[AiringId, RecordedFile] = field(default_factory=dict)
    """The recordings that replays show, by the airing that was recorded."""
    spans: Mapping[AssetId, FileSpan] = field(default_factory=dict)
    """In and out point of each of `assets` that is a recording."""
    caption_names: tuple[str, ...] = ()
    """Names that automatic captions of lives should spell right."""
    pools: Mapping[SearchId, SearchPool] = field(default_factory=dict)
    """What the saved searches find that its airings, blocks and filler name."""
    filler_searches: tuple[SearchId, ...] = ()
    facts: Mapping[AiringId, SearchFacts] = field(default_factory=dict)
    """What the recording of each live will be."""
    decided: tuple[AiringId, ...] = ()
    """Airings whose recordings the library has."""
