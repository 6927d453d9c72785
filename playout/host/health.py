"""Faults of picture and sound on air, as the monitor sees them, in words once they have lasted."""

from datetime import datetime, timedelta
from pathlib import Path

from config.readjson import read_json
from playout.model.layer import Layer
from playout.model.rundown import Cue
from playout.model.wire import HostFault

MEASUREMENT_FRESH_FOR = timedelta(seconds=5)
"""A measurement older than this is ignored."""
FAULTS: dict[str, tuple[timedelta, str]] = {
    "black": (timedelta(seconds=3), "The picture on air is black."),
    "frozen": (timedelta(seconds=5), "The picture on air stands still."),
    "silent": (timedelta(seconds=15), "There is no sound on air."),
}
"""Each fault, how long it must last before staff read of it, and the words. The monitor has then
already waited two seconds of black, or five of the others: films fade, meetings pause."""


class AirHealth:
    """Remembers since when the monitor has seen each fault. It warns and never ends anything."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._since: dict[str, datetime] = {}
        self.faults: tuple[HostFault, ...] = ()
        """What the last look found, by kind."""

    def look(self, cue: Cue, layer: Layer, now: datetime, *, covered: bool = False) -> list[str]:
        """Return the faults of picture and sound of `cue`, as it airs on `layer`.

        While a message covers the whole screen, picture and sound stand still on purpose. Then
        nothing is judged, and a fault beneath is timed from when it shows again.
        """
        seen = set() if covered else self._seen(now) - _meant(cue, layer)
        self._since = {name: self._since.get(name, now) for name in FAULTS if name in seen}
        self.faults = tuple(
            HostFault(name, words)
            for name, (lasts, words) in FAULTS.items()
            if name in self._since and now - self._since[name] >= lasts
        )
        return [fault.words for fault in self.faults]

    def _seen(self, now: datetime) -> set[str]:
        try:
            measured = read_json(self._path)
            if abs(now - datetime.fromisoformat(measured["utc"])) > MEASUREMENT_FRESH_FOR:
                return set()
        except (OSError, ValueError, KeyError, TypeError):
            return set()
        return {name for name in FAULTS if measured.get(name) is True}


def _meant(cue: Cue, layer: Layer) -> set[str]:
    """Return what is no fault of this cue: a still stands still, and some files have no sound."""
    if layer is not Layer.DECK:
        return {"frozen", "silent"}
    media = cue.media
    if media is None:
        return set()
    still = media.has_picture and media.rate is None
    meant = {"frozen"} if still or not media.has_picture else set()
    return meant | ({"silent"} if still or not media.has_sound else set())
