"""The files that each channel's newest plan needs, without reading the plan each time."""

from collections.abc import Mapping
from datetime import datetime

from config.names import AssetKey, ChannelId
from playout.model.plan import Plan
from playout.model.wire import WireError, decode
from playout.timing.media_need import needed_until
from scheduler.db import find
from scheduler.db.store import Session


class NeededFiles:
    """A cache of what the newest plan of each channel needs, and until when.

    A plan of eight days has some hundred kilobytes of JSON, and pages that show a number of files
    are drawn every few seconds. So a plan is read once, and known by its digest from then on. One
    plan of each channel is kept.
    """

    def __init__(self) -> None:
        self._kept: dict[ChannelId, tuple[str, Mapping[AssetKey, datetime]]] = {}

    def at(
        self, session: Session, channel: ChannelId, now: datetime
    ) -> Mapping[AssetKey, datetime]:
        """Return the keys of the files that the plan needs at `now` or later, each with the instant
        (UTC) until which it does. Empty before the first plan, and for one that cannot be read.
        """
        digest = find.house.published_digest(session, channel)
        kept = self._kept.get(channel)
        if kept is None or kept[0] != digest:
            kept = digest, _read(session, channel)
            self._kept[channel] = kept
        return {key: until for key, until in kept[1].items() if until > now}


def _read(session: Session, channel: ChannelId) -> Mapping[AssetKey, datetime]:
    row = find.house.published(session, channel)
    if row is None:
        return {}
    try:
        return needed_until(decode(Plan, row.body))
    except WireError:
        return {}
