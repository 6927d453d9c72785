"""A cache of the changing part of each public page, so that many viewers cost one drawing."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from config.names import ChannelId

PART_KEPT_FOR = timedelta(seconds=10)
"""Longest age of a part. Even when nothing is edited, programs begin and end with time."""


class DrawnParts:
    """One drawn part for each channel, kept until the channel's mark changes or the part is too
    old.
    """

    def __init__(self) -> None:
        self._kept: dict[ChannelId, tuple[object, datetime, str]] = {}
        self._lock = threading.Lock()

    def part(self, channel: ChannelId, mark: object, now: datetime, draw: Callable[[], str]) -> str:
        """Return the cached part; call `draw` where there is none that is still valid."""
        with self._lock:
            cached = self._kept.get(channel)
        if cached is not None:
            known_mark, drawn_at, part = cached
            if known_mark == mark and timedelta(0) <= now - drawn_at < PART_KEPT_FOR:
                return part
        drawn = draw()
        with self._lock:
            self._kept[channel] = (mark, now, drawn)
        return drawn
