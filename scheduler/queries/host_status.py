"""The host's present status in one cheap query, for the banner on every page."""

from datetime import datetime

from config.names import ChannelId
from playout.model.wire import Status
from scheduler.db.store import Database
from scheduler.reading.host_state import recent_status


def current_status(db: Database, channel: ChannelId, now: datetime) -> Status | None:
    """Return the last status; None while the host is silent."""
    with db.read() as session:
        return recent_status(session, channel, now)
