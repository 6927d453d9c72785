"""The places at which a channel's output is watched: the tap, and each multicast that it sends."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.clock import Clock
from config.targetaddress import RtpTarget, UdpTarget
from config.targetgrammar import is_multicast
from playout.engine.format.ticks import NS
from playout.engine.watching.decoder import StreamDecoder
from playout.engine.watching.sources import DatagramSource, StreamSource
from playout.engine.watching.watcher import PlaceWatcher

log = logging.getLogger(__name__)
JOIN_AGAIN_AFTER = 30.0
"""Seconds until a multicast that could not be joined is tried again."""


@dataclass
class WatchedPlace:
    """One place, and what is known of it."""

    where: str
    """As staff read it, after the words *seen on*."""
    target: int | None = None
    """Number of the output; None for the tap."""
    watcher: PlaceWatcher | None = None
    """None while the place cannot be watched."""
    reason: str = ""
    """Why it cannot be watched."""
    is_others: bool = False
    """Whether the other machine of the channel sends there now."""


@dataclass
class Multicasts:
    """The channel's own multicasts, joined like any receiver; tried again while one cannot be."""

    targets: Sequence[tuple[int, UdpTarget | RtpTarget]]
    clock: Clock
    places: list[WatchedPlace] = field(default_factory=list)
    open: Callable[[UdpTarget | RtpTarget, str, Clock], StreamSource] = DatagramSource
    """Joins one. Raises OSError."""
    _tried: int | None = None
    _make_decoder: Callable[[], StreamDecoder] | None = None

    def join(self) -> None:
        """Join those that are not joined, at most every JOIN_AGAIN_AFTER seconds."""
        now = self.clock.monotonic()
        if self._tried is not None and now - self._tried < JOIN_AGAIN_AFTER * NS:
            return
        self._tried = now
        for number, target in self.targets:
            place = self._place(number, target)
            if place.watcher is None:
                self._try(place, target)

    def join_again(self) -> None:
        """Leave each multicast and join it again: a switch that forgot this machine, as many do
        without a querier, is told of it anew.
        """
        for number, target in self.targets:
            place = self._place(number, target)
            if place.watcher is None:
                continue
            place.watcher.source.close()
            try:
                place.watcher.source = self.open(target, place.where, self.clock)
            except OSError as error:
                place.watcher, place.reason = None, error.strerror or str(error)

    def read_anew(self, make_decoder: Callable[[], StreamDecoder] | None) -> None:
        """Forget what was seen: from now on the other machine sends, whose pictures are compared
        with such a decoder, or with None this one does.
        """
        self._make_decoder = make_decoder
        for place in self.places:
            place.is_others = make_decoder is not None
            if place.watcher is not None:
                place.watcher.begin_again(self._decoder(place))

    def _decoder(self, place: WatchedPlace) -> StreamDecoder | None:
        """Return a decoder for the first multicast; the others bring the same pictures."""
        is_first = place is self.places[0]
        return self._make_decoder() if self._make_decoder is not None and is_first else None

    def _place(self, number: int, target: UdpTarget | RtpTarget) -> WatchedPlace:
        for place in self.places:
            if place.target == number:
                return place
        place = WatchedPlace(f"the multicast {target.host}:{target.port}", number)
        place.is_others = self._make_decoder is not None
        self.places.append(place)
        return place

    def _try(self, place: WatchedPlace, target: UdpTarget | RtpTarget) -> None:
        try:
            source = self.open(target, place.where, self.clock)
        except OSError as error:
            if not place.reason:
                log.warning("%s cannot be watched: %s", place.where, error)
            place.reason = error.strerror or str(error)
            return
        place.watcher, place.reason = PlaceWatcher(source, self._decoder(place)), ""


def is_watchable(target: object) -> bool:
    """Return whether this machine can receive what it sends to a target: a multicast by its number.

    What goes to one other machine is seen by that machine only.
    """
    return isinstance(target, UdpTarget | RtpTarget) and is_multicast(target.host)
