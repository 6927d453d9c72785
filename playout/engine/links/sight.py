"""Memory in which the watcher of the output tells the peer link what it sees of both outputs."""

from dataclasses import asdict
from typing import Protocol, cast, get_args

from playout.engine.links.port import SharedState
from playout.model.sight import UNSEEN, Sight, View

SEEN_FOR_NS = 1_000_000_000
"""Nanoseconds after which what was seen says nothing of now: the watcher writes ten times a second,
and a busy machine may leave it without the processor for some of them."""
_VIEWS = frozenset(get_args(View))


class OutputSight(Protocol):
    """A place where the peer link reads what is seen. It never waits and never raises."""

    def read(self, now: int) -> Sight:
        """Return what is seen at this monotonic instant; UNSEEN where nobody has looked lately."""


class Unseen:
    """The sight of a machine whose output nobody watches."""

    def read(self, _now: int) -> Sight:
        """Return that nothing is seen."""
        return UNSEEN


class SightMemory:
    """The memory of `make_shared_state`, which the watcher writes and the link reads."""

    def __init__(self, handle: int) -> None:
        self._state = SharedState(handle)

    def write(self, sight: Sight, now: int) -> None:
        """Note what is seen at this monotonic instant."""
        self._state.save({"at": now, **asdict(sight)})

    def read(self, now: int) -> Sight:
        """Return what is seen at this monotonic instant; UNSEEN where nobody has looked lately."""
        kept = self._state.load() or {}
        at = kept.get("at")
        if not isinstance(at, int) or not 0 <= now - at < SEEN_FOR_NS:
            return UNSEEN
        return Sight(_view(kept.get("own")), _view(kept.get("other")))


def _view(kept: object) -> View:
    return cast(View, kept) if isinstance(kept, str) and kept in _VIEWS else "unknown"
