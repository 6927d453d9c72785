"""Who else is at the desk, as far as the last minute tells; in memory, never in the database."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

PRESENT_SECONDS = 45.0
"""Seconds after a person's last request during which they count as here."""


@dataclass(frozen=True)
class Colleague:
    """Somebody at the desk, and the page they looked at last."""

    name: str
    where: str


@dataclass
class Presence:
    """The people of one web process."""

    monotonic: Callable[[], int]
    _seen: dict[str, tuple[int, Colleague]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, person: str, name: str, where: str) -> None:
        """Somebody asked for a page; an empty `where` means they are still where they were."""
        with self._lock:
            known = self._seen.get(person)
            self._seen[person] = (
                self.monotonic(),
                Colleague(name, where or (known[1].where if known else "")),
            )

    def others(self, person: str) -> tuple[Colleague, ...]:
        """Everybody else who is here, by name."""
        with self._lock:
            since = self.monotonic() - int(PRESENT_SECONDS * 1e9)
            self._seen = {who: seen for who, seen in self._seen.items() if seen[0] > since}
            here = [one for who, (_, one) in self._seen.items() if who != person]
        return tuple(sorted(here, key=lambda one: one.name.casefold()))
