"""A mapping with a bound, for whatever callers may name as they like."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedMap(Generic[K, V]):
    """Holds at most `most`; what was put longest ago goes first. One thread at a time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What was put there last, if it is still held."""
        return self._held.get(key)

    def put(self, key: K, value: V) -> None:
        """Hold it, as the newest."""
        self._held[key] = value
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def pop(self, key: K) -> None:
        """Hold it no longer."""
        self._held.pop(key, None)

    def __iter__(self) -> Iterator[K]:
        return iter(list(self._held))

    def __len__(self) -> int:
        return len(self._held)


class LogThrottle:
    """What was said lately, so that the log is not filled by one who asks twice a second."""

    def __init__(self, monotonic: Callable[[], int]) -> None:
        self._monotonic = monotonic
        self._said: BoundedMap[str, int] = BoundedMap(1000)
        self._lock = threading.Lock()

    def due(self, what: str, seconds: float) -> bool:
        """Whether it is to be said: for the first time, or so many seconds after the last."""
        with self._lock:
            at, last = self._monotonic(), self._said.get(what)
            if last is not None and at - last < seconds * 1e9:
                return False
            self._said.put(what, at)
            return True
