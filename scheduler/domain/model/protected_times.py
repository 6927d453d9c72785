"""Protected times: from this time of day on nothing moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from config.names import ChannelId
from scheduler.domain.model.ids import AnchorId


@dataclass(frozen=True)
class AnchorDraft:
    """What staff may set: from `at` to the end of the local day, on one day or on every day."""

    channel: ChannelId
    at: time
    day: date | None = None


@dataclass(frozen=True)
class Anchor:
    """A protected time as the house keeps it."""

    id: AnchorId
    draft: AnchorDraft
    archived: bool
    version: int


def protecting(anchors: Iterable[Anchor], start: datetime, zone: ZoneInfo) -> Anchor | None:
    """The first protected time that keeps an airing of this start where it is."""
    local = start.astimezone(zone)
    for anchor in anchors:
        of_day = anchor.draft.day in (None, local.date())
        if of_day and local.time() >= anchor.draft.at and not anchor.archived:
            return anchor
    return None
