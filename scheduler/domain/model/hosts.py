"""A broadcast machine as the server knows it."""

from dataclasses import dataclass
from datetime import datetime

from config.names import ChannelId
from scheduler.domain.model.ids import HostId


@dataclass(frozen=True)
class Host:
    """A machine that may fetch plans and report. Its key is never stored in the clear."""

    id: HostId
    name: str
    created: datetime
    revoked: bool
    only: frozenset[ChannelId] | None = None
    """The channels its key opens; None for all."""

    def serves(self, channel: ChannelId) -> bool:
        """Return whether it may fetch and report for this channel."""
        return self.only is None or channel in self.only
