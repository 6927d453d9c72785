"""Deadlines and sizes that the front enforces."""

from dataclasses import dataclass

HEAD_SECONDS = 10.0
"""Seconds within which the head of a request must be complete."""
IDLE_SECONDS = 15.0
"""Seconds a connection may stay idle before its next request."""
SLOWEST_BYTES_PER_SECOND = 20_000
"""Slowest rate allowed in either direction; a slower connection is closed."""
LINGER_SECONDS = 2.0
"""Seconds the caller gets to read a last answer before the connection is closed."""
DEADLINES_CHECKED_EVERY = 0.5
ACCEPTED_AT_ONCE = 64
UNREAD_BYTES_HELD = 64 * 1024 * 1024
"""Memory for incomplete requests; beyond it the longest-waiting connection is closed."""


@dataclass(frozen=True)
class FrontSettings:
    """The settings a front needs of its installation."""

    proxies: int
    """How many proxies of our own stand before the front."""
    cookie: str
    """Name of the session's cookie."""
    most: int = 4000
    """Most connections; beyond it the one waiting longest for a request is closed."""
