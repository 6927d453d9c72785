"""The changing part of the public page as drawn last: a thousand viewers cost what one does."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from config.names import ChannelId

PART_KEPT_FOR = timedelta(seconds=10)
"""How old a part may be while nothing changed: what is over leaves it, what begins comes in."""


class DrawnParts:
    """Keeps one part for each channel until its mark changes or it is too old."""

    def __init__(self) -> None:
        self._kept: dict[ChannelId, tuple[object, datetime, str]] = {}
        self._lock = threading.Lock()

    def part(self, channel: ChannelId, mark: object, now: datetime, draw: Callable[[], str]) -> str:
        """The part as it stands; `draw` is called where it must be drawn anew."""
        with self._lock:
            kept = self._kept.get(channel)
        if kept is not None and kept[0] == mark and timedelta(0) <= now - kept[1] < PART_KEPT_FOR:
            return kept[2]
        drawn = draw()
        with self._lock:
            self._kept[channel] = (mark, now, drawn)
        return drawn
