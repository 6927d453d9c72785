"""The newest picture and sound meter of each channel and source, in memory only.

The cache also knows which pictures somebody is watching: broadcast machines send pictures only
while they are watched.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from web.kit.bounded_map import BoundedMap

WATCHED_SECONDS = 10.0
PICTURES_HELD = 64
"""Most pictures of channels and sources held at once."""


@dataclass(frozen=True)
class CachedPicture:
    """One JPEG as the broadcast machine sent it, with the sound meter of that moment."""

    jpeg: bytes
    etag: str
    meter: str
    """The meter as JSON; empty when the machine sent none."""
    at: int
    """Arrival, in nanoseconds of the monotonic clock."""


@dataclass
class PictureCache:
    """The newest picture under each name, and when somebody last asked for it."""

    monotonic: Callable[[], int]
    _asked: BoundedMap[str, int] = field(default_factory=lambda: BoundedMap(PICTURES_HELD))
    _pictures: BoundedMap[str, CachedPicture] = field(
        default_factory=lambda: BoundedMap(PICTURES_HELD)
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, channel: str) -> CachedPicture | None:
        """Return the newest picture, and mark its name as watched for ten seconds."""
        with self._lock:
            self._asked.put(channel, self.monotonic())
            return self._pictures.get(channel)

    def watched(self, channel: str) -> bool:
        """Tell whether somebody asked for it within the last ten seconds."""
        with self._lock:
            asked_at = self._asked.get(channel)
        return asked_at is not None and self.monotonic() - asked_at < WATCHED_SECONDS * 1e9

    def watched_under(self, prefix: str) -> tuple[str, ...]:
        """Return the watched names that begin with `prefix`, without it."""
        with self._lock:
            names = [name for name in self._asked if name.startswith(prefix)]
        return tuple(name.removeprefix(prefix) for name in sorted(names) if self.watched(name))

    def put(self, channel: str, jpeg: bytes, meter: str) -> None:
        """Store this picture as the newest of its name."""
        etag = hashlib.sha256(jpeg + meter.encode()).hexdigest()[:20]
        with self._lock:
            self._pictures.put(channel, CachedPicture(jpeg, etag, meter, self.monotonic()))

    def age(self, channel: str) -> float | None:
        """Return the seconds since the newest picture came; None when there is none."""
        picture = self._pictures.get(channel)
        return None if picture is None else (self.monotonic() - picture.at) / 1e9


def source_pictures(channel: str) -> str:
    """Return the beginning of the names under which pictures of a channel's sources are kept."""
    return f"{channel}/sources/"
