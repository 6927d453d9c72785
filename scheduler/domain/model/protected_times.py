"""Protected times: from such a time of day on, nothing moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from config.names import ChannelId
from scheduler.domain.model.ids import AnchorId


@dataclass(frozen=True)
class AnchorDraft:
    """The fields that staff may set: from `at` to the end of the local day, on one day or every
    day.
    """

    channel: ChannelId
    at: time
    day: date | None = None


@dataclass(frozen=True)
class Anchor:
    """A protected time as stored."""

    id: AnchorId
    draft: AnchorDraft
    archived: bool
    version: int


def protecting(anchors: Iterable[Anchor], start: datetime, zone: ZoneInfo) -> Anchor | None:
    """Return the first protected time that keeps an airing with this start in place."""
    local = start.astimezone(zone)
    for anchor in anchors:
        of_day = anchor.draft.day in (None, local.date())
        if of_day and local.time() >= anchor.draft.at and not anchor.archived:
            return anchor
    return None
