"""Colleagues who use the staff pages now; in memory only, never in the database."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

PRESENT_SECONDS = 45.0
"""How long after the last request a person counts as present."""


@dataclass(frozen=True)
class Colleague:
    """A person on the staff pages and the page they opened last."""

    name: str
    where: str


@dataclass
class Presence:
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
        return tuple(sorted(here, key=lambda colleague: colleague.name.casefold()))
