"""The host's library: the plan, the last rundown and the media it needs to stay on air alone."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from config.disk import free_bytes, shortage
from config.names import ChannelId, Revision
from config.readjson import read_bounded
from config.wholefile import write_whole
from media.store import MediaStore
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown
from playout.model.wire import WireError, decode, encode
from playout.timing.media_need import captions_of, needs

log = logging.getLogger(__name__)
Document = TypeVar("Document", Plan, Rundown)

LARGEST_DOCUMENT = 64 << 20
"""The most bytes of a plan or rundown; a year's plan of a busy channel has 10 MB."""


OLDER_PLAN = "The plan before it is in force until the server sends a newer one."
NO_PLAN = "This machine has no plan: the slate airs until the server sends one."


def empty_plan(channel: ChannelId, now: datetime) -> Plan:
    """Return a plan of nothing but slate, for the time before the first plan arrives."""
    day = timedelta(days=1)
    return Plan(channel, Revision(0), now - day, now - day, now + 7 * day, ())


class Library:
    """Plan and rundown as whole files, checked when they are read, and the media store."""

    def __init__(self, folder: Path, store: MediaStore) -> None:
        self.folder, self.store = folder, store

    def plan(self, channel: str) -> Plan | None:
        """Return the newest readable plan of this channel; None if there is none."""
        return self.read_plan(channel)[0]

    def read_plan(self, channel: str) -> tuple[Plan | None, str]:
        """Return the newest usable plan or None, and what is wrong with the files, in words."""
        path = self.folder / "plan.json"
        troubles: list[str] = []
        for candidate in (path, path.with_name(path.name + ".previous")):
            plan, trouble = _read(Plan, candidate)
            if plan is not None and plan.channel == channel:
                return plan, f"{troubles[0]} {OLDER_PLAN}" if troubles else ""
            if plan is not None:
                trouble = f"{candidate.name} is of another channel, {plan.channel}."
            troubles += [trouble] if trouble else []
        return None, " ".join([*troubles, NO_PLAN])

    def keep_plan(self, plan: Plan) -> str:
        """Store the plan, and keep the one before. Return what went wrong, in words, or ""."""
        return _write(self.folder / "plan.json", encode(plan), keep_previous=True)

    def rundown(self) -> Rundown | None:
        """Return the rundown that the agent stored last; None if there is none."""
        return _read(Rundown, self.folder / "expected.json")[0]

    def keep_rundown(self, rundown: Rundown) -> str:
        """Store the rundown for the agent's next start. Return what went wrong, in words, or ""."""
        return _write(self.folder / "expected.json", encode(rundown))

    def find(self, media: Media) -> str | None:
        """Return the path of a file that is here whole; None if it is not."""
        return self.home(media) if self.has(media) else None

    def captions(self, media: Media) -> str | None:
        """Return the path of a file's captions; None if it has none, or they are not here."""
        return self.find(captions_of(media)) if media.captions is not None else None

    def home(self, media: Media) -> str | None:
        """Return the path where the file belongs, whether or not it is there now."""
        try:
            return str(self.store.path(media.key, media.suffix))
        except ValueError:
            return None

    def has(self, media: Media) -> bool:
        """Return whether the file is here with its declared size; False if the disk cannot tell."""
        try:
            path = self.store.path(media.key, media.suffix)
            return path.is_file() and (media.size <= 0 or path.stat().st_size == media.size)
        except (OSError, ValueError):
            return False

    def free_bytes(self) -> int:
        """Return the room left for media or on the channel's own disk, whichever is less.

        Return 0 if the disk cannot tell.
        """
        try:
            free, own = self.store.free_bytes(), free_bytes(self.folder)
        except OSError:
            return 0
        return free if own is None else min(free, own)

    def short_of_room(self) -> str:
        """Return a warning if the channel's disk is full or nearly so; empty while it has room."""
        return shortage(self.folder)


def needed(plan: Plan, now: datetime) -> list[Media]:
    """Return the files that the plan may air from `now` on, the most needed first."""
    return [one.media for one in needs(plan, now)]


def missing(library: Library, wanted: Iterable[Media]) -> list[Media]:
    """Return the files that are not here."""
    return [media for media in wanted if not library.has(media)]


def _read(kind: type[Document], path: Path) -> tuple[Document | None, str]:
    """Return what a file holds, and why it cannot be used, in words. No file is no problem."""
    try:
        return decode(kind, read_bounded(path, LARGEST_DOCUMENT)), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, WireError, ValueError) as error:
        log.warning("%s cannot be used: %s", path.name, error)
        reason = error.strerror if isinstance(error, OSError) else "it is damaged"
        return None, f"{path.name} cannot be read: {reason}."


def _write(path: Path, body: bytes, *, keep_previous: bool = False) -> str:
    try:
        write_whole(path, body, keep_previous=keep_previous)
    except OSError as error:
        return f"{path.name} cannot be written: {error.strerror}."
    return ""
