"""How long and how much the front bears, and what it is told of its house."""

from dataclasses import dataclass

HEAD_SECONDS = 10.0
"""Seconds in which the head of a request must be here, however its bytes drip."""
IDLE_SECONDS = 15.0
"""Seconds a connection may wait for its next request."""
SLOWEST_BYTES_PER_SECOND = 20_000
"""Bytes a second: what comes or goes more slowly is given up."""
LINGER_SECONDS = 2.0
"""Seconds for the caller to read a last answer before the connection is closed."""
DEADLINES_CHECKED_EVERY = 0.5
ACCEPTED_AT_ONCE = 64
UNREAD_BYTES_HELD = 64 * 1024 * 1024
"""Bytes of requests that are not whole; beyond it whoever has dripped longest gives way."""


@dataclass(frozen=True)
class FrontSettings:
    """What a front is told of the house it stands before."""

    proxies: int
    """Proxies of ours before it."""
    cookie: str
    """Name of the session's cookie."""
    most: int = 4000
    """Connections; beyond it whoever has waited longest for a request gives way."""
