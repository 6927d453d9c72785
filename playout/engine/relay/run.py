"""The relay: takes what the encoder writes, and sends the stream in time."""

import os
from dataclasses import dataclass, field, replace
from fractions import Fraction

from config.child import beat
from config.clock import Clock, machine_zone
from playout.engine.captions.words import WordEar
from playout.engine.format.ticks import NS
from playout.engine.links.fed import read_fed
from playout.engine.links.gate import Gate
from playout.engine.links.tap import TapWriter
from playout.engine.relay.a53 import CaptionInserter, words_in
from playout.engine.relay.demux import Demux
from playout.engine.relay.doorway import Doorway
from playout.engine.relay.matching import FrameMatch
from playout.engine.relay.memory import RelayMemory
from playout.engine.relay.mux import MPEG_SOUND_ID, PICTURE_AHEAD_SECONDS, PRIVATE_ID, Mux
from playout.engine.relay.placement import Placement
from playout.engine.relay.prepared import (
    AHEAD_SECONDS,
    TOGETHER_SECONDS,
    PreparedBurst,
    PreparedBursts,
)
from playout.engine.relay.psip import psip_tables
from playout.engine.relay.rate import other_packets
from playout.engine.relay.senders import Sender
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables
from playout.engine.relay.units import AccessUnit, upper_field_first
from playout.engine.transport import STAMPS_A_SECOND

READ_BYTES, MOST_READS = 1 << 16, 4
"""Bytes taken from the encoder at once, and how often before the next bursts are made."""
MOST_BEHIND_NS = 500_000_000
"""A relay that was stalled for longer leaves out slots; for less it sends what is due at once."""
TIME_TOLD_EVERY_NS = 500_000_000
"""Nanoseconds after which the table with the time is renewed; it has whole seconds."""
DATED_AHEAD_NS = 800_000_000
"""Time from a tick until its picture is shown, where two machines date alike: 0.67 s, in which runs
settle by themselves, and some for a machine that is slower than the other."""


@dataclass
class RelayParts:
    """The parts of a relay, besides its clock."""

    slots: SlotClock
    service: StreamService
    encoder: int
    """Reading end of the encoder's pipe; it does not block."""
    fed: int
    """Reading end of the line of fed frames."""
    memory: RelayMemory
    pictures: Fraction
    """Pictures a second."""
    picture_ahead: float = PICTURE_AHEAD_SECONDS
    """Seconds before its decoding from which a picture may be sent."""
    is_interlaced: bool = False
    senders: list[Sender] = field(default_factory=list)
    first_tick_ns: int | None = None
    """Where two machines may send the channel: when tick 0 was due, on the stream's clock."""
    ticks: Fraction = Fraction(30)
    """Ticks of the house a second."""
    gate: Gate | None = None
    """Where two machines may send the channel: whether this one may."""
    tap: TapWriter | None = None
    """Where the watcher of the output reads what was sent; None where nobody watches."""


class Relay:
    """The relay, one turn at a time. It never waits but for the next burst."""

    def __init__(self, parts: RelayParts, clock: Clock) -> None:
        self.parts, self._clock = parts, clock
        sound_id = PRIVATE_ID if parts.service.audio == "ac3" else MPEG_SOUND_ID
        self._service, self._zone = parts.service, machine_zone()
        self._tables = tables(parts.service)
        self._told_time = 0
        self._marks_fields = parts.is_interlaced and parts.service.video == "mpeg2"
        others = float(other_packets(parts.service.audio_kbps, parts.service.audio))
        self._sent_counters = parts.memory.counters
        """The continuity counters after the last burst that was sent."""
        made_counters = bytearray(self._sent_counters)
        self.mux = Mux(
            parts.slots, self._tables, made_counters, sound_id, parts.picture_ahead, others
        )
        self.placement = Placement()
        self.captions = CaptionInserter(parts.pictures)
        self.match = FrameMatch(self.captions.take)
        kept = parts.memory.load_run()
        if kept is not None:
            self.placement.run, self.placement.shift, self.match.constant = kept
            self.match.run = kept[0]
        self._kept = kept
        self.demux = Demux(run=kept[0] if kept is not None else 0)
        self._prepared = PreparedBursts(
            self.mux, parts.slots, made_counters, parts.slots.due(clock.monotonic()),
            AHEAD_SECONDS if parts.gate is None else TOGETHER_SECONDS,
        )  # fmt: skip
        self._doorway = Doorway(parts.gate, self._prepared, self.mux, clock)
        self.sent = self.skipped = 0
        """Slots left out because the process was stalled."""
        self.words, self._ear = 0, WordEar()
        """Words of captions in the pictures that left."""
        self.last_picture = clock.monotonic()
        """Monotonic nanoseconds at which the last picture came."""

    def turn(self) -> float:
        """Send the bursts that are due. When none is left, take what has come and make the next
        ones. Return the seconds until the next burst.
        """
        waiting = self._prepared.waiting
        self._doorway.look()
        if not waiting:
            self._prepare()
        now = self._clock.monotonic()
        if now - waiting[0].instant > MOST_BEHIND_NS:
            self.skipped += self._prepared.leave_out(now)
        while waiting[0].instant <= now:
            self._send(waiting.popleft())
            if not waiting:
                self._prepare()
        return max(0.0, (waiting[0].instant - self._clock.monotonic()) / 1e9)

    def _prepare(self) -> None:
        self._tell_time()
        self._take()
        self._prepared.make()
        beat()

    def _tell_time(self) -> None:
        """Renew the table that carries the time, once a second."""
        now = self._clock.monotonic()
        if self._service.psip and now - self._told_time >= TIME_TOLD_EVERY_NS:
            self._told_time = now
            self._renew_tables()

    def _renew_tables(self) -> None:
        found, utc = [*self._tables], self._clock.utc()
        if self._service.psip:
            is_summer = bool(utc.astimezone(self._zone).dst())
            found += psip_tables(self._service, utc, is_summer)
        self.mux.replace_tables(found)

    def _announce(self, has_dtvcc: bool) -> None:
        """Let the map announce service 1 of CEA-708, or no longer."""
        self._service = replace(self._service, has_dtvcc=has_dtvcc)
        self._tables = tables(self._service)
        self._renew_tables()

    def facts(self) -> dict[str, object]:
        """Return what the status tells of this moment."""
        now = self._clock.monotonic()
        return {
            "utc": self._clock.utc().isoformat(timespec="seconds"),
            "rate": self.parts.slots.rate,
            "since_picture": round((now - self.last_picture) / 1e9, 1),
            "lead": round(self.placement.slack / STAMPS_A_SECOND, 3),
            "waiting": round(self.mux.waiting_seconds, 3),
        }

    def counts(self) -> dict[str, int]:
        """Return what was counted since the start."""
        return {
            "packets": self.sent,
            "nulls": self.mux.nulls,
            "late": self.mux.late,
            "delayed": self.placement.delayed,
            "dropped": self.placement.dropped,
            "muted": self.placement.muted,
            "moved": self.placement.moved,
            "lost": self.demux.lost,
            "runs": self.demux.runs,
            "skipped": self.skipped,
            "words": self.words,
        }

    def _send(self, burst: PreparedBurst) -> None:
        """Send a burst. Behind a closed gate its slots pass without it; the watcher reads what
        would have left, so that a fault of a machine that stands by is found as well.
        """
        self._sent_counters[:] = burst.counters
        if self.parts.tap is not None:
            self.parts.tap.put(burst.data, self._clock.monotonic())
        if not self._doorway.lets(burst):
            return
        self.sent += burst.end - burst.first
        for sender in self.parts.senders:
            sender.send(burst)

    def _take(self) -> None:
        for _ in range(MOST_READS):
            for frame in read_fed(self.parts.fed):
                self.match.take(frame)
            data = self._read()
            for unit in self.demux.take(data) if data else ():
                self._place(unit)
            if len(data) < READ_BYTES:
                return

    def _place(self, unit: AccessUnit) -> None:
        fed = self.match.microseconds(unit) if unit.is_video else None
        if unit.is_video and unit.run != self.placement.run:
            self.placement.anchor = self._anchor()
        if unit.is_key:
            self.placement.is_unseen = self._doorway.is_unseen
        slot = self._prepared.slot
        now = self.parts.slots.stamp(slot)
        placed = self.placement.place(unit, now, self.mux.ready(slot, unit))
        if placed is None:
            if unit.is_video and self.placement.shift is None:
                self._captioned(unit, fed)
            return
        if placed.is_video:
            placed = self._captioned(placed, fed)
            self.last_picture = self._clock.monotonic()
            self._doorway.note_picture(self.last_picture)
            self.words += words_in(placed.data, self._ear)
            if self.captions.primary.is_there is not self._service.has_dtvcc:
                self._announce(self.captions.primary.is_there)
        self._doorway.add(placed)
        if placed.is_key:
            self._keep()

    def _anchor(self) -> int | None:
        """Return the shift of the run that begins, where two machines date a tick alike."""
        first, rate, tick = self.parts.first_tick_ns, self.parts.ticks, self.match.first_tick
        if first is None or self.match.first_pts is None:
            return None
        due = first + tick * NS * rate.denominator // rate.numerator
        return (due + DATED_AHEAD_NS) * STAMPS_A_SECOND // NS - self.match.first_pts

    def _captioned(self, unit: AccessUnit, fed: int | None) -> AccessUnit:
        """Return a picture with the captions of the frame that was fed at this stamp. Those of a
        picture that was dropped go into the next one, but none from before a run's first picture.
        """
        data = self.captions.insert(fed, unit.data) if fed is not None else unit.data
        data = upper_field_first(data) if self._marks_fields else data
        return AccessUnit(unit.run, unit.is_video, unit.is_key, unit.pts, unit.dts, data)

    def _keep(self) -> None:
        """Keep the place of the run for a relay that comes after this one."""
        run = (self.placement.run, self.placement.shift or 0, self.match.constant)
        if run != self._kept:
            self._kept = run
            self.parts.memory.save_run(*run)

    def _read(self) -> bytes:
        try:
            return os.read(self.parts.encoder, READ_BYTES)
        except OSError:
            return b""
