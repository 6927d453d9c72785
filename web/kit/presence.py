"""Colleagues who use the staff pages now: in memory, or in rows that several web servers share."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from config.clock import Clock
from scheduler.db import passing
from scheduler.db.store import Database
from web.kit.bounded_map import BoundedMap

PRESENT_SECONDS = 45.0
"""How long after the last request a person counts as present."""
NOTED_EVERY_SECONDS = 5.0
"""A page asks several times a second; a row need not know each time."""
PEOPLE_HELD = 1000


@dataclass(frozen=True)
class Colleague:
    """A person on the staff pages and the page they opened last."""

    name: str
    where: str


class Presence(Protocol):
    """The people that the web servers have seen lately."""

    def note(self, person: str, name: str, where: str) -> None:
        """Record a request of this person; an empty `where` keeps the page they were on."""

    def others(self, person: str) -> tuple[Colleague, ...]:
        """Return everybody else who is present, by name."""


@dataclass
class PresenceInMemory:
    """The people this web process has seen lately."""

    monotonic: Callable[[], int]
    _seen: dict[str, tuple[int, Colleague]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, person: str, name: str, where: str) -> None:
        """Record a request of this person; an empty `where` keeps the page they were on."""
        with self._lock:
            before = self._seen.get(person)
            self._seen[person] = (
                self.monotonic(),
                Colleague(name, where or (before[1].where if before else "")),
            )

    def others(self, person: str) -> tuple[Colleague, ...]:
        """Return everybody else who is present, by name."""
        with self._lock:
            since = self.monotonic() - int(PRESENT_SECONDS * 1e9)
            self._seen = {who: seen for who, seen in self._seen.items() if seen[0] > since}
            here = [colleague for who, (_, colleague) in self._seen.items() if who != person]
        return _by_name(here)


@dataclass
class PresenceInRows:
    """The people that any web server of this database has seen lately."""

    db: Database
    clock: Clock
    _noted: BoundedMap[str, tuple[int, str]] = field(
        default_factory=lambda: BoundedMap(PEOPLE_HELD)
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, person: str, name: str, where: str) -> None:
        """Record a request of this person; an empty `where` keeps the page they were on."""
        at = self.clock.monotonic()
        with self._lock:
            before = self._noted.get(person)
            fresh = before is not None and at - before[0] < NOTED_EVERY_SECONDS * 1e9
            if fresh and before is not None and where in ("", before[1]):
                return
            self._noted.put(person, (at, where or (before[1] if before else "")))
        passing.note_presence(self.db, person, name, where, self.clock.utc())

    def others(self, person: str) -> tuple[Colleague, ...]:
        """Return everybody else who is present, by name."""
        since = self.clock.utc() - timedelta(seconds=PRESENT_SECONDS)
        seen = passing.present_since(self.db, since)
        return _by_name([Colleague(*told) for who, told in seen.items() if who != person])


def _by_name(here: list[Colleague]) -> tuple[Colleague, ...]:
    return tuple(sorted(here, key=lambda colleague: colleague.name.casefold()))
