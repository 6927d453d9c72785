"""A mapping of bounded size, for keys that callers may invent, and a log throttle built on it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedMap(Generic[K, V]):
    """A mapping that holds at most `most` entries and drops the one written longest ago first.

    It has no lock of its own: its owner allows one thread at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return the value of the key; None once it was dropped."""
        return self._held.get(key)

    def put(self, key: K, value: V) -> None:
        """Store the value and make it the newest entry."""
        self._held[key] = value
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def pop(self, key: K) -> None:
        """Drop the entry, if it is there."""
        self._held.pop(key, None)

    def __iter__(self) -> Iterator[K]:
        return iter(list(self._held))

    def __len__(self) -> int:
        return len(self._held)


class LogThrottle:
    """Keeps one repeated event, such as a machine refused twice a second, from filling the log."""

    def __init__(self, monotonic: Callable[[], int]) -> None:
        self._monotonic = monotonic
        self._said: BoundedMap[str, int] = BoundedMap(1000)
        self._lock = threading.Lock()

    def due(self, what: str, seconds: float) -> bool:
        """Tell whether to log `what` now: the first time, and again once `seconds` have passed."""
        with self._lock:
            at, last = self._monotonic(), self._said.get(what)
            if last is not None and at - last < seconds * 1e9:
                return False
            self._said.put(what, at)
            return True
