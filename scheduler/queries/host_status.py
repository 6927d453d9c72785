"""What the broadcast machine says it is doing, in one cheap look; for the banner of every page."""

from datetime import datetime

from config.names import ChannelId
from playout.model.wire import Status
from scheduler.db.store import Database
from scheduler.reading.host_state import recent_status


def current_status(db: Database, channel: ChannelId, now: datetime) -> Status | None:
    """The last status, while the host is heard; None when it is silent."""
    with db.read() as session:
        return recent_status(session, channel, now)
