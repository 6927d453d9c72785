"""Recordings on their way home: this machine says what it holds, and sends what the server lacks.

The server knows how much of a file it has, so nothing of the way is remembered here: a restart of
either side goes on at the byte where the last piece was stored.
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from config.clock import Clock
from config.names import AssetKey
from media.store import MediaError, MediaStore
from playout.host.answers import ServerAnswer, ask
from playout.host.pace import Pace
from playout.model.holdings import (
    LARGEST_PIECE,
    MOST_HELD,
    READS_HOLDINGS,
    HeldFile,
    Holdings,
    PieceStored,
    WantedFiles,
)
from playout.model.wire import READS_HEADER, WireError, decode, encode
from playout.model.wire_before import reads_of

log = logging.getLogger(__name__)

SENT_EVERY = 5.0
"""Seconds between two looks for something to send."""
TOLD_EVERY_NS = 15_000_000_000
"""Nanoseconds after which the server is asked anew what it lacks."""
AGAIN_AFTER_NS = 60_000_000_000
"""Nanoseconds before a file is tried again that could not be sent."""
UNREADABLE = "A recording on this machine's disk is damaged or cannot be read, and is not sent."
LEAST_PIECE = 64 << 10
PIECE_SECONDS = 20.0
"""Seconds that one piece may take; on a slower line pieces become smaller."""


def piece_for(bytes_per_second: float) -> int:
    """Return the bytes of one piece: about a second's share of the pace; 0 is no limit."""
    if not bytes_per_second:
        return LARGEST_PIECE
    return max(LEAST_PIECE, min(LARGEST_PIECE, int(bytes_per_second)))


def nothing_goes(released: Sequence[AssetKey], now: datetime) -> None:
    """Remove nothing: for a machine whose store is no cache."""
    del released, now


@dataclass
class RecordingSender:
    """Sends the files that the server lacks, one piece a turn."""

    client: httpx.Client
    store: MediaStore
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    piece: int = LARGEST_PIECE
    drop: Callable[[Sequence[AssetKey], datetime], object] = nothing_goes
    """Removes files that were deleted for good, as far as no plan names them."""
    problem: str = ""
    """Why nothing can be sent now, in words for staff; empty while all is well."""
    _told: frozenset[HeldFile] | None = None
    """The inventory that the server has stored."""
    _asked: int | None = None
    """When it was asked last, in nanoseconds of the monotonic clock."""
    _wanted: tuple[AssetKey, ...] = ()
    _offsets: dict[AssetKey, int] = field(default_factory=dict)
    """Bytes that the server has of each file that is being sent."""
    _again: dict[AssetKey, int] = field(default_factory=dict)
    _sent: set[AssetKey] = field(default_factory=set)
    """Files of which every byte was sent."""
    _size: int = 0
    """Bytes of the next piece; fewer after a piece that did not get through."""

    def turn(self) -> bool:
        """Send one piece. Return False if there is nothing to send now."""
        now = self.clock.monotonic()
        try:
            if self._asked is None or now - self._asked >= TOLD_EVERY_NS:
                self._ask(now)
            key = next((one for one in self._wanted if self._again.get(one, 0) <= now), None)
            return key is not None and self._send(key, now)
        except (httpx.HTTPError, WireError, MediaError, OSError) as error:
            # The status says that there is no contact; here it only takes longer.
            log.info("A recording waits to be sent: %s", error or type(error).__name__)
            self._size = max(LEAST_PIECE, (self._size or self.piece) // 2)
            self._told, self._asked, self._wanted = None, now, ()
            return False

    def _ask(self, now: int) -> None:
        """Tell the server what is here, and hear what it lacks."""
        self._asked = now
        here = [(key, size) for key, size in self.store.oldest_first()[-MOST_HELD:]]
        held = frozenset(HeldFile(key, size) for key, size in here)
        files = tuple(sorted(held, key=lambda one: one.key)) if held != self._told else None
        body = encode(Holdings(files))
        answer = ask(self.client, "POST", "holdings", content=body, takes=(404, 405))
        if not _understands(answer):
            self._wanted = ()
            return
        self._told = held
        said = decode(WantedFiles, answer.content)
        self._wanted = tuple(map(AssetKey, said.wanted))
        self.drop(tuple(map(AssetKey, said.released)), self.clock.utc())
        self._offsets = {key: at for key, at in self._offsets.items() if key in self._wanted}
        self.problem = self.problem if self._wanted else ""

    def _send(self, key: AssetKey, now: int) -> bool:
        home = self.store.home(key)
        if home is None:
            self._told = None
            return self._not_now(key, now)
        at, size = self._offsets.get(key, 0), min(self._size or self.piece, self.piece)
        body = _read(home, at, size) if key in self._offsets else self._first(key)
        if body is None:
            self.problem = UNREADABLE
            return self._not_now(key, now)
        answer = ask(
            self.client, "PUT", f"media/{key}", params={"at": str(at)}, content=body,
            within=PIECE_SECONDS,
        )  # fmt: skip
        if answer.status == httpx.codes.NOT_FOUND:
            return self._not_now(key, now)  # it has come by another way
        stored = decode(PieceStored, answer.content)
        self.problem = stored.trouble and f"Recordings wait on this machine. {stored.trouble}"
        if stored.trouble:
            return self._not_now(key, now)
        self._offsets[key], self._size = stored.have, 2 * size
        self.pace.after(len(body))
        if stored.have < home.stat().st_size:
            return True
        self._sent.add(key)
        return self._not_now(key, now)

    def _first(self, key: AssetKey) -> bytes | None:
        """Return the empty piece by which the server is asked how much it has of a file.

        None for a file that is damaged here: the server asks for one again if its hash was wrong.
        """
        if key not in self._sent or self.store.verify(key):
            return b""
        log.error("The file %s is damaged on this disk.", key)
        return None

    def _not_now(self, key: AssetKey, now: int) -> bool:
        """Leave a file alone for a minute: it is there whole, or cannot be sent."""
        self._offsets.pop(key, None)
        self._again[key] = now + AGAIN_AFTER_NS
        return False


def _understands(answer: ServerAnswer) -> bool:
    reads = reads_of(answer.headers.get(READS_HEADER, ""))
    return reads >= READS_HOLDINGS and answer.status == httpx.codes.OK


def _read(home: Path, at: int, count: int) -> bytes | None:
    """Return a piece of a file without keeping it in the system's memory, which air needs.

    None where the disk refuses.
    """
    try:
        with home.open("rb") as file:
            body = os.pread(file.fileno(), count, at)
            os.posix_fadvise(file.fileno(), at, count, os.POSIX_FADV_DONTNEED)
            return body
    except OSError as error:
        log.warning("%s cannot be read: %s", home.name[:12], error)
        return None
