"""A broadcast machine far from its server, with a disk of its own that it fills by fetching."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from support.broadcast import Machine
from support.plans import media

from config.names import AssetKey
from media.store import MediaStore
from playout.host.eviction import Evictor
from playout.host.fetching import Fetcher
from playout.host.library import Library
from playout.model.plan import CaptionFile, Item, Media, Plan

PIECE = 1000


class Disk(MediaStore):
    """A store on a disk of so many bytes."""

    size = 100 * PIECE

    def free_bytes(self) -> int:
        super().free_bytes()
        return self.size - sum(f.stat().st_size for f in self.root.rglob("*") if f.is_file())


@dataclass
class Shelf:
    """The server's media: real bytes, named by their hash."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    up: bool = True

    def put(self, name: str, length: timedelta) -> Media:
        body = name.encode().ljust(PIECE, b".")
        key = AssetKey(hashlib.sha256(body).hexdigest())
        self.files[key] = body
        return replace(media(name, length), key=key, size=PIECE)

    def captioned(self, film: Media) -> Media:
        """Return the film with captions, which lie in the store as a file of their own."""
        track = self.put(f"captions of {film.key}", timedelta(0))
        return replace(film, captions=CaptionFile(track.key, track.size))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("no route to host", request=request)
        key = request.url.path.rsplit("/", 1)[1]
        if request.method == "GET":
            self.asked.append(key)
        body = self.files.get(key)
        return httpx.Response(404) if body is None else httpx.Response(200, content=body)


class Remote(Machine):
    """A machine far from its server, with only what it has fetched on its disk."""

    disk: Disk

    def __init__(self, folder: Path, plan: Plan, start: datetime, shelf: Shelf) -> None:
        self.shelf = shelf
        super().__init__(folder, plan, start)

    def make_library(self) -> Library:
        self.disk = Disk(self.folder / "media", cache=True)
        library = Library(self.folder, self.disk)
        client = httpx.Client(base_url="http://s/", transport=httpx.MockTransport(self.shelf))
        has = self.shelf.files.__contains__
        evictor = Evictor(self.disk, (("ch13", library),), has, 2 * PIECE)
        self.fetcher = Fetcher(client, self.disk, evictor, self.clock)
        return library

    def have(self, *items: Item) -> list[bool]:
        """Return which of the items have their file on the disk."""
        here = self.disk.keys()
        return [item.media is not None and item.media.key in here for item in items]

    def problems(self) -> tuple[str, ...]:
        """Return the problems in its status."""
        status = self.parts.mailbox.status
        return status.problems if status is not None else ()

    def fetch(self) -> None:
        """Run one round of the thread that fetches."""
        mailbox = self.parts.mailbox
        self.fetcher.turn(tuple(mailbox.fetch), in_contact=not mailbox.problem)
        mailbox.lacking = self.fetcher.lacking
