"""The live deck: it decodes the packets its gateway hands on into its ring, at the house clock's
time.
"""

import select
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from config.child import beat
from config.clock import Clock
from config.names import SAMPLE_RATE
from media.colour import limited, matrix_of, planes_of
from media.resample import Resampler
from playout.engine.captions.pairs import valid_triplets
from playout.engine.format.framing import fit, place
from playout.engine.format.ticks import NS, Ticks
from playout.engine.links.deck_ring import DeckRing
from playout.engine.links.intake import (
    LIVE_DECK_REPORT,
    LiveDeckReport,
    live_deck_report_path,
    write_private,
)
from playout.engine.links.packets import (
    CodedPacket,
    CodedTrack,
    Message,
    PacketReader,
    SourceHeader,
    StreamFormat,
)
from playout.engine.links.port import Port
from playout.engine.links.ring import EPOCH, GENERATION, Picture, Ring, Sound
from playout.engine.live.levels import LevelMeter
from playout.engine.live.sound import SourceGain, map_channels
from playout.engine.live.source_clock import SourceClock
from playout.engine.live.sync import DecodedPicture, LiveSync, SyncCounts
from playout.model.source import SoundMap

DECODED_AHEAD, ONE_DECODED_AHEAD = 1.1, 3.0
"""Seconds that picture and sound may both be decoded ahead of their time before packets stay in the
pipe; and seconds for one of them while the other does not come."""
REPORT_EVERY = 0.2
"""Seconds from one report of this deck to the next."""
DECODER_THREADS = 2
DECODED_WITHIN = 1.5
"""Seconds since the last decoded picture after which the source no longer counts as decoded."""


@dataclass
class TrackDecoder:
    """One track of a source and the libav objects that decode it."""

    track: CodedTrack
    context: Any
    deinterlacer: Any = None
    fields: tuple[int, int, str] = (0, 0, "")
    """Width, height and pixel format that the deinterlacer was made for."""
    begun: bool = False
    """Whether its first key frame has come. Packets before that one cannot be decoded."""
    resampler: Resampler = field(default_factory=lambda: Resampler("s16", keep_mono=True))


class LiveDeck:
    """A decoder of one source at a time into house frames. Call `step` at least once a tick."""

    def __init__(self, ring: Ring, clock: Clock) -> None:
        self._ring, self._clock = ring, clock
        self._house = ring.shape.format
        self._ticks = Ticks(self._house.rate, ring.word(EPOCH))
        self._form: StreamFormat | None = None
        self._decoders: list[TrackDecoder] = []
        self._sync: LiveSync | None = None
        self._origin = 0
        self._louder = SourceGain(0.0, True)
        self._map = SoundMap.STEREO
        self.source: SourceHeader | None = None
        self.counts = SyncCounts()
        self._decoded_at: int | None = None
        self._decoded, self._since = False, clock.utc()
        self.meter = LevelMeter()
        self.generation = ring.word(GENERATION)

    def take(self, message: Message) -> None:
        """Take the gateway's next message: a source header, a stream format or a coded packet."""
        if isinstance(message, SourceHeader):
            self._use(message)
        elif isinstance(message, StreamFormat):
            if self._form is None or message.epoch != self._form.epoch:
                self._begin(message)
        elif self._sync is not None:
            self._packet(self._sync, message)

    def _use(self, whose: SourceHeader) -> None:
        before, self.source = self.source, whose
        if before is None or before.source != whose.source:
            self.generation += 1
            self._ring.put_word(GENERATION, self.generation)
            self._form = self._sync = self._decoded_at = None
            self._decoded, self._since = False, self._clock.utc()
            self.meter = LevelMeter()
        if before is None or before != whose:
            self._louder = SourceGain(whose.gain_db, whose.limiter)
            self._map = SoundMap(whose.sound)

    def _begin(self, form: StreamFormat) -> None:
        self._form = form
        self._decoders = [TrackDecoder(track, _codec_context(track)) for track in form.tracks]
        self._sync = LiveSync(
            self._ring,
            self._ticks,
            self.generation,
            clock=SourceClock(form.bursty),
            has_picture=form.has_picture,
            has_sound=form.has_sound,
            counts=self.counts,
        )

    def _packet(self, sync: LiveSync, coded: CodedPacket) -> None:
        decoder = self._decoders[coded.track]
        at = round(coded.dts * decoder.track.time_base * NS)
        if not sync.clock.running:
            self._origin = at
        sync.clock.observe(at - self._origin, coded.arrival, coded.track)
        if decoder.track.kind == "video" and not decoder.begun:
            if not coded.key:
                return
            decoder.begun = True
        packet: Any = av.Packet(coded.data)
        packet.pts, packet.dts, packet.time_base = coded.pts, coded.dts, decoder.track.time_base
        try:
            frames = decoder.context.decode(packet)
        except (av.FFmpegError, ValueError):
            return
        for frame in frames:
            if frame.pts is not None:
                self._frame(sync, decoder, frame)

    def _frame(self, sync: LiveSync, decoder: TrackDecoder, frame: Any) -> None:
        if decoder.track.kind == "video" or not (self._form and self._form.has_picture):
            self._decoded_at = self._clock.monotonic()
        if isinstance(frame, av.VideoFrame):
            for whole in _deinterlaced(decoder, frame):
                at = round(whole.pts * whole.time_base * NS) - self._origin
                sync.picture(DecodedPicture(at, self._drawing(whole), _captions(whole)))
            return
        base = frame.time_base or decoder.track.time_base
        at = round(frame.pts * base * NS) - self._origin
        for block in _house_sound(decoder, frame):
            self.meter.hear(block)
            sync.sound(self._louder.apply(map_channels(block, self._map)), at)
            at += len(block) * NS // SAMPLE_RATE

    def _drawing(self, frame: Any) -> Callable[[Picture], None]:
        house = self._house
        sar = frame.sample_aspect_ratio if hasattr(frame, "sample_aspect_ratio") else None
        box = fit(frame.width, frame.height, _shape(self._decoders, sar), house)
        matrix = matrix_of(int(frame.colorspace), frame.width, frame.height)

        def draw(target: Picture) -> None:
            place(target, house, box, planes_of(limited(frame, box.width, box.height)), matrix)
            self.meter.see(target, house)

        return draw

    def wants_more(self) -> bool:
        """Return whether to read packets now. While enough is decoded ahead of its time they stay
        in the pipe, so that memory stays bounded.
        """
        if self._sync is None:
            return True
        less, more = self._sync.ahead(self._clock.monotonic())
        return less < DECODED_AHEAD and more < ONE_DECODED_AHEAD

    def step(self) -> None:
        """Fill the ring with every house frame that can be made now."""
        if self._sync is not None:
            self._sync.pump(self._clock.monotonic())

    def report(self, utc: datetime) -> LiveDeckReport | None:
        """Return levels, stillness and counts of the source at `utc`; None without a source."""
        if self.source is None:
            return None
        now, at = self._clock.monotonic(), self._decoded_at
        decoded = at is not None and now - at < DECODED_WITHIN * NS
        if decoded != self._decoded:
            self._decoded, self._since = decoded, utc
        counts = self.counts
        return LiveDeckReport(
            utc, self.source.source, *self.meter.report(utc), counts.repeated, counts.skipped,
            counts.missed, decoded, self._since,
        )  # fmt: skip


def _shape(decoders: list[TrackDecoder], sar: Fraction | None) -> Fraction:
    """Return the pixel aspect ratio: the frame's, else the codec's, else square."""
    if sar:
        return Fraction(sar)
    for decoder in decoders:
        sar = getattr(decoder.context, "sample_aspect_ratio", None)
        if sar:
            return Fraction(sar)
    return Fraction(1)


def _codec_context(track: CodedTrack) -> Any:
    context: Any = av.CodecContext.create(track.codec, "r")
    if track.kind == "video":
        context.thread_count, context.thread_type = DECODER_THREADS, "SLICE"
    return context


def _deinterlaced(decoder: TrackDecoder, frame: Any) -> list[Any]:
    """Return the frame, deinterlaced where its two fields were taken half a frame apart.

    Once a source has sent one interlaced frame every later one goes through the filter too: it
    holds frames back, and leaving it would reorder them.
    """
    form = (frame.width, frame.height, frame.format.name)
    if not frame.interlaced_frame and decoder.deinterlacer is None:
        return [frame]
    if decoder.deinterlacer is None or decoder.fields != form:
        decoder.fields = form
        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format.name,
            time_base=frame.time_base,
        )  # fmt: skip
        graph.link_nodes(source, graph.add("yadif", "deint=interlaced"), graph.add("buffersink"))
        graph.configure()
        decoder.deinterlacer = graph
    decoder.deinterlacer.vpush(frame)
    ready = []
    while True:
        try:
            ready.append(decoder.deinterlacer.vpull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return ready


def _captions(frame: Any) -> bytes:
    cc_data = frame.side_data.get("A53_CC")
    return valid_triplets(bytes(cc_data)) if cc_data is not None else b""


def _house_sound(decoder: TrackDecoder, frame: Any) -> list[Sound]:
    blocks = []
    for piece in decoder.resampler.take(frame):
        block: Any = piece.to_ndarray().reshape(-1, piece.layout.nb_channels)
        blocks.append(np.repeat(block, 2, axis=1) if block.shape[1] == 1 else block)
    return blocks


def run_live_deck(
    slot: int, ring_handle: int, pipe: int, port_handle: int, folder: Path, clock: Clock
) -> None:
    """Run the live deck process: decode until the process is killed."""
    deck, reader, port = (
        LiveDeck(DeckRing(ring_handle), clock),
        PacketReader(pipe),
        Port(port_handle),
    )
    reported_at = 0
    while True:
        more = deck.wants_more()
        select.select([reader] if more else [], [], [], 0.01)
        for _ in range(50):
            message = reader.read() if deck.wants_more() else None
            if message is None:
                break
            deck.take(message)
            beat()  # fifty packets of a large picture take a busy machine seconds to decode
        deck.step()
        beat()
        now = clock.monotonic()
        if now - reported_at > REPORT_EVERY * NS:
            reported_at = now
            _write_report(deck, slot, port, folder, clock)


def _write_report(deck: LiveDeck, slot: int, port: Port, folder: Path, clock: Clock) -> None:
    report = deck.report(clock.utc())
    if report is None:
        return
    port.send({"source": report.source, "generation": deck.generation})
    try:
        write_private(live_deck_report_path(folder, slot), LIVE_DECK_REPORT.dump_json(report))
    except OSError:
        return
    deck.meter.show(folder, report.source, clock)
