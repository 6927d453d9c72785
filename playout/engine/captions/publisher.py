"""The captions of the air: those of the item that is seen, and a cleared screen between items.

At every change of what is on air the screen is cleared first, four pairs on both fields, so that no
caption of one item stays over the next. Pairs of the new item that fall into these ticks wait, and
catch up where its captions pause. Pairs of the old item that still wait are dropped.

An item joined in progress, and a live, may begin in the middle of a caption. What comes before the
first beginning of a caption is left out. Example at 29.97, pop-on, cue b joined at tick 100:

    tick  pair of b   sent on field 1
    100   "or"        EDM
    101   EOC         EDM
    102   EOC         ENM
    103   RCL         ENM
    104   RCL         RCL
    105   ENM         RCL
    106   ENM         ENM
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from config.names import CueId
from media.captions.codes import CHANNEL_2
from media.captions.track import TRIPLET_BYTES, triplets_of
from playout.engine.captions.gate import FieldGate
from playout.engine.captions.pairs import FIELDS, begins_packet, is_control, is_pair
from playout.engine.captions.queue import CaptionQueue, clearing
from playout.engine.captions.services import DtvccServices
from playout.engine.captions.words import WordEar
from playout.model.layer import Layer


@dataclass(frozen=True)
class CaptionSource:
    """The picture of a tick, as far as captions go: another value is another screen."""

    layer: Layer
    cue: CueId | None = None
    is_covered: bool = False
    """A graphic covers the whole screen."""

    @property
    def speaks(self) -> bool:
        """Tell whether its captions are shown."""
        return self.layer is Layer.DECK and not self.is_covered


class CaptionPublisher:
    """The captions of one program, tick by tick. A new one clears the screen first, because the
    process before it may have left a caption there.
    """

    def __init__(self, rate: Fraction) -> None:
        self._queue = CaptionQueue(rate)
        self._source: CaptionSource | None = None
        self._gates = {field: FieldGate(field) for field in FIELDS}
        self._in_packets = True
        """Whether data of 708 may pass: after a change only from the beginning of a packet on."""
        self._channels = {field: {0, CHANNEL_2} for field in FIELDS}
        """Channels that may have something on the screen."""
        self._services = DtvccServices()
        self._clearing_packet = b""
        self._clearing = dict.fromkeys(FIELDS, 0)
        """Pairs of each field that wait and only clear."""
        self._ear = WordEar()
        self.words = 0
        """Pairs of characters and packets of 708 sent so far, without what clears."""
        self.last: int | None = None
        """The tick of the last of them."""

    def publish(
        self, tick: int, source: CaptionSource, captions: bytes = b"", *, begins: bool = False
    ) -> bytes:
        """Return the captions of `tick`, on which `source` is seen and brings `captions`; `begins`
        where it shows its first frame.
        """
        if source != self._source:
            self._change(tick, source, begins)
        if source.speaks and captions:
            self._queue.put(self._passed(captions), tick)
        sent = self._queue.take(tick)
        if sent:
            self._note(tick, sent)
        return sent

    def _change(self, tick: int, source: CaptionSource, begins: bool) -> None:
        """Drop what the last item left, clear the screen, and begin the next."""
        self._source = source
        self._queue.clear()
        clear = b""
        for field, channels in self._channels.items():
            pairs = clearing(field, tuple(sorted(channels)))
            clear += b"".join(bytes((field, *pair)) for pair in pairs)
            self._clearing[field] = len(pairs)
        packet = self._services.clear()
        self._clearing_packet = packet[:TRIPLET_BYTES]
        self._queue.put(clear + packet, tick - _LONG_AGO)
        for gate in self._gates.values():
            gate.open() if begins else gate.close()
        self._in_packets = False

    def _passed(self, captions: bytes) -> bytes:
        return b"".join(self._filtered(captions))

    def _filtered(self, captions: bytes) -> Iterable[bytes]:
        for triplet in triplets_of(captions):
            if is_pair(triplet):
                field, pair = triplet[0], (triplet[1], triplet[2])
                yield from (bytes((field, *one)) for one in self._gates[field].passes(pair))
            else:
                self._in_packets = self._in_packets or begins_packet(triplet)
                if self._in_packets:
                    yield triplet

    def _note(self, tick: int, sent: bytes) -> None:
        """Remember which channels and services may have something on the screen now."""
        self._services.hear(sent)
        for triplet in triplets_of(sent):
            if self._ear.hears(triplet) and triplet != self._clearing_packet:
                self.words, self.last = self.words + 1, tick
            if not is_pair(triplet):
                continue
            if self._clearing[triplet[0]]:
                self._count_down(triplet[0])
                continue
            if is_control((triplet[1], triplet[2])):
                self._channels[triplet[0]].add(triplet[1] & CHANNEL_2)

    def _count_down(self, field: int) -> None:
        """Note that one more clearing pair was sent; after the last, the field shows nothing."""
        self._clearing[field] -= 1
        if not self._clearing[field]:
            self._channels[field] = {0}


_LONG_AGO = 1000
"""Ticks by which the clearing is dated back, so that nothing passes for its double."""
