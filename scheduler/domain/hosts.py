"""A broadcast machine as the server knows it."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.names import HostId


@dataclass(frozen=True)
class Host:
    """A machine that may fetch plans and report; its key is never kept in the clear."""

    id: HostId
    name: str
    created: datetime
    revoked: bool
