"""The newest picture and sound meter of each channel and source: in memory, or in rows that several
web servers share.

The cache also knows which pictures somebody is watching: broadcast machines send pictures only
while they are watched.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from config.clock import Clock
from scheduler.db import passing
from scheduler.db.store import Database
from web.kit.bounded_map import BoundedMap

WATCHED_SECONDS = 10.0
ASKED_EVERY = timedelta(seconds=3)
"""A page asks several times a second; a row need not know each time."""
LOOK_EVERY_SECONDS = 0.25
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


class PictureCache(Protocol):
    """The newest picture under each name, and when somebody last asked for it."""

    def ask(self, channel: str) -> CachedPicture | None:
        """Return the newest picture, and mark its name as watched for ten seconds."""

    def watched(self, channel: str) -> bool:
        """Tell whether somebody asked for it within the last ten seconds."""

    def watched_under(self, prefix: str) -> tuple[str, ...]:
        """Return the watched names that begin with `prefix`, without it."""

    def put(self, channel: str, jpeg: bytes, meter: str) -> None:
        """Store this picture as the newest of its name."""

    def age(self, channel: str) -> float | None:
        """Return the seconds since the newest picture came; None when there is none."""


@dataclass
class PicturesInMemory:
    """The pictures that this web process was sent."""

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
        newest = CachedPicture(jpeg, _tag(jpeg, meter), meter, self.monotonic())
        with self._lock:
            self._pictures.put(channel, newest)

    def age(self, channel: str) -> float | None:
        """Return the seconds since the newest picture came; None when there is none."""
        picture = self._pictures.get(channel)
        return None if picture is None else (self.monotonic() - picture.at) / 1e9


@dataclass
class PicturesInRows:
    """The pictures that any web server of this database was sent.

    Each server keeps the bytes that it read or was sent last, and asks the rows only for the tag
    while they are the newest.
    """

    db: Database
    clock: Clock
    _held: BoundedMap[str, CachedPicture] = field(default_factory=lambda: BoundedMap(PICTURES_HELD))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _watched: frozenset[str] = frozenset()
    _looked_at: int | None = None

    def ask(self, channel: str) -> CachedPicture | None:
        """Return the newest picture, and mark its name as watched for ten seconds."""
        now, newest = self.clock.utc(), passing.picture(self.db, channel)
        if newest is None or newest.asked is None or now - newest.asked > ASKED_EVERY:
            passing.ask_for_picture(self.db, channel, now)
            self._watched |= {channel}
        if newest is None:
            return None
        came = self.clock.monotonic() - (now - newest.came) // timedelta(microseconds=1) * 1000
        with self._lock:
            held = self._held.get(channel)
        jpeg, etag = (held.jpeg, held.etag) if held is not None else (b"", "")
        if etag != newest.etag:
            etag, jpeg = passing.picture_bytes(self.db, channel)
        picture = CachedPicture(jpeg, etag, newest.meter, came)
        with self._lock:
            self._held.put(channel, picture)
        return picture

    def watched(self, channel: str) -> bool:
        """Tell whether somebody asked for it within the last ten seconds."""
        return channel in self._names()

    def watched_under(self, prefix: str) -> tuple[str, ...]:
        """Return the watched names that begin with `prefix`, without it."""
        names = sorted(name for name in self._names() if name.startswith(prefix))
        return tuple(name.removeprefix(prefix) for name in names)

    def put(self, channel: str, jpeg: bytes, meter: str) -> None:
        """Store this picture as the newest of its name."""
        etag = _tag(jpeg, meter)
        passing.put_picture(self.db, channel, jpeg, etag, meter, self.clock.utc())
        with self._lock:
            self._held.put(channel, CachedPicture(jpeg, etag, meter, self.clock.monotonic()))

    def age(self, channel: str) -> float | None:
        """Return the seconds since the newest picture came; None when there is none."""
        newest = passing.picture(self.db, channel)
        return None if newest is None else (self.clock.utc() - newest.came).total_seconds()

    def _names(self) -> frozenset[str]:
        """Return every watched name; the rows are asked four times a second at most, because each
        broadcast machine wants to know it with each report.
        """
        at = self.clock.monotonic()
        if self._looked_at is None or at - self._looked_at > LOOK_EVERY_SECONDS * 1e9:
            since = self.clock.utc() - timedelta(seconds=WATCHED_SECONDS)
            self._watched, self._looked_at = passing.asked_since(self.db, since), at
        return self._watched


def _tag(jpeg: bytes, meter: str) -> str:
    return hashlib.sha256(jpeg + meter.encode()).hexdigest()[:20]


def source_pictures(channel: str) -> str:
    """Return the beginning of the names under which pictures of a channel's sources are kept."""
    return f"{channel}/sources/"
