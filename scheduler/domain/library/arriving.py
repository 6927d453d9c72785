"""The rule of a watch folder: which files are left alone, and when one has come whole.

Nobody tells a server that a file on a share is complete, so it is looked at: a file whose size,
time and identity were the same at every look for a while has come whole. Example with looks every
5 seconds and 60 seconds asked: `council.mp4` grows until 14:00:00; the looks from 14:00:05 on see
the same; it is complete at the look of 14:01:05.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

IGNORED_STARTS = (".", "~", "$")
IGNORED_ENDS = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~")
IGNORED_NAMES = frozenset(
    {"thumbs.db", "desktop.ini", "refused", "lost+found", "@eadir", "#recycle"}
)
"""Folders of our own and of network drives, and what Windows leaves everywhere."""


def is_ignored(name: str) -> bool:
    """Return whether a name is that of a hidden, temporary or foreign file or folder."""
    low = name.lower()
    return low.startswith(IGNORED_STARTS) or low.endswith(IGNORED_ENDS) or low in IGNORED_NAMES


@dataclass(frozen=True)
class Seen:
    """A file as one look sees it. Two equal ones are the same file, unchanged."""

    size: int
    """Bytes."""
    modified: int
    """Nanoseconds, by the clock of the disk."""
    identity: int
    """The inode: another one is another file under the same name."""
    link: bool = False
    """True for a symbolic link, which is never followed."""


@dataclass(frozen=True)
class Arrivals:
    """Knowledge of the files of one folder: each as seen last, and since when it is so."""

    since: Mapping[str, tuple[Seen, datetime]] = field(default_factory=dict)

    def look(self, files: Mapping[str, Seen], now: datetime) -> "Arrivals":
        """Return what is known after a look. Files that are gone are forgotten.

        After a clock was set back a file waits from then on.
        """
        since = {}
        for name, seen in files.items():
            known, at = self.since.get(name, (seen, now))
            since[name] = (seen, min(at, now) if known == seen else now)
        return Arrivals(since)

    def whole(self, now: datetime, steady: timedelta) -> tuple[tuple[str, Seen], ...]:
        """Return the files that have come whole, the longest unchanged first."""
        ready = [(since, name) for name, (_, since) in self.since.items() if now - since >= steady]
        return tuple((name, self.since[name][0]) for _, name in sorted(ready))


def shown(name: str) -> str:
    """Return a name of a disk as text that can be stored and shown: names may be any bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def numbered(name: str, number: int) -> str:
    """Return a name with a number before its ending: `council (2).mp4`; the name itself for 1."""
    if number == 1:
        return name
    head, dot, end = name.rpartition(".")
    return f"{head} ({number}).{end}" if head and dot else f"{name} ({number})"
