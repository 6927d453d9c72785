"""What the broadcast machine says it is doing, in one cheap look; for the banner of every page."""

from datetime import datetime

from config.names import ChannelId
from playout.model.wire import Status
from scheduler.db.store import Database
from scheduler.reading.host_state import heard_status


def air_state(db: Database, channel: ChannelId, now: datetime) -> Status | None:
    """The last status, while the host is heard; None when it is silent."""
    with db.read() as session:
        return heard_status(session, channel, now)
