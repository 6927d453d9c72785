"""The gateway of one slot: keeps its source open, records it, and passes its packets on."""

import logging
import os
import select
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from config.child import beat
from config.clock import Clock
from config.logs import where
from config.names import AiringId
from playout.engine.format.ticks import NS
from playout.engine.gateway.address import AddressError
from playout.engine.gateway.coding import Coding
from playout.engine.gateway.continuity import Continuity, unexpected_picture
from playout.engine.gateway.source import OpenSource, SourceError
from playout.engine.gateway.sources import open_source
from playout.engine.links.intake import (
    GATEWAY_REPORT,
    GatewayReport,
    SlotIntakes,
    gateway_report_path,
    read_slot_intakes,
    write_empty_report,
    write_private,
)
from playout.engine.links.packets import (
    CodedPacket,
    Message,
    PacketQueue,
    SourceHeader,
    StreamFormat,
)
from playout.engine.recording.open_recordings import OpenRecordings
from playout.model.engine import Intake
from playout.model.source import Source

log = logging.getLogger(__name__)

LOOK_EVERY = 0.25
QUEUE_BYTES = 48 << 20
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds between two tries to open a source that is not there; each pause doubles the last."""
SIGNAL_LOST_AFTER, SEGMENTED_SIGNAL_LOST_AFTER = 1.0, 10.0
"""Seconds without a packet after which the signal counts as lost; the second is for a source
that comes in segments."""
READER_HANGS_AFTER = 20.0
"""Seconds without a sign of life from the reading thread, after which this process gives up."""


class PacketSender:
    """Sends packets to one reader from a thread of its own, which may wait for that reader."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._queue = PacketQueue(QUEUE_BYTES)
        self._lock = threading.Condition()
        threading.Thread(target=self._run, name="sender", daemon=True).start()

    @property
    def dropped(self) -> int:
        """Packets dropped because the reader was slow."""
        return self._queue.dropped

    def put(self, message: Message) -> None:
        """Queue a message; never waits for the reader."""
        with self._lock:
            self._queue.put(message)
            self._lock.notify()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._handle, select.POLLOUT)
        while True:
            with self._lock:
                while self._queue.empty:
                    self._lock.wait()
                datagram = self._queue.next()
            poll.poll()
            with suppress(OSError):
                os.write(self._handle, datagram or b"")
                with self._lock:
                    self._queue.sent()


@dataclass
class _Stretch:
    """The packets of one format: their clock and their coding."""

    form: StreamFormat
    time: Continuity
    coding: Coding


class Gateway:
    """Reads one source in a thread. Call `look` four times a second."""

    def __init__(
        self,
        slot: int,
        folder: Path,
        senders: Sequence[PacketSender],
        networks: Sequence[str],
        clock: Clock,
    ) -> None:
        self._slot, self._folder, self._senders = slot, folder, senders
        self._networks, self._clock = networks, clock
        self._recordings = OpenRecordings(folder, clock)
        self._wishes = SlotIntakes()
        self._intakes: tuple[Intake, ...] = ()
        self._lock = threading.Lock()
        self._alive = self._signal_at = clock.monotonic()
        self._packets, self._source = 0, ""
        self._has_signal, self._since = False, clock.utc()
        self._reason, self._patience = "", SIGNAL_LOST_AFTER
        self._sound: SourceHeader | None = None
        self._has_report = True
        """Whether the report on disk may still name a source."""
        self._form: StreamFormat | None = None
        threading.Thread(target=self._run, name="reader", daemon=True).start()

    def look(self) -> bool:
        """Read the wanted intakes and report on the source; return False when the reading thread
        hangs.
        """
        now, utc = self._clock.monotonic(), self._clock.utc()
        self._wishes = read_slot_intakes(self._folder, self._wishes)
        group = self._wishes.slots
        wanted = group[self._slot]
        open_now = [intake for intake in wanted if intake.opens <= utc < intake.closes]
        # The reading thread holds the lock while a slow disk takes its writes. A slow disk is no
        # reason to be killed, so this thread does not wait long, and goes on beating.
        if self._lock.acquire(timeout=LOOK_EVERY):
            try:
                self._intakes = tuple(open_now)
                self._recordings.open(*_recorded(open_now))
                self._report(now, utc)
            finally:
                self._lock.release()
        return now - self._alive < READER_HANGS_AFTER * NS

    def _report(self, now: int, utc: datetime) -> None:
        source = self._intakes[0].source if self._intakes else None
        if source is None:
            self._withdraw_report()
            return
        self._has_report = True
        if source.id != self._source:
            self._source, self._packets, self._has_signal, self._since = source.id, 0, False, utc
            self._form = None
        has_signal = self._packets > 0 and now - self._signal_at < self._patience * NS
        if has_signal != self._has_signal:
            self._has_signal, self._since = has_signal, utc
        left = max(intake.closes for intake in self._intakes) - utc
        room = self._recordings.problem() or self._recordings.lacks_room(left.total_seconds())
        other = unexpected_picture(self._form, source.expects) if self._form is not None else ""
        reason = room or (other if has_signal else self._reason or "No signal yet.")
        dropped = sum(sender.dropped for sender in self._senders)
        report = GatewayReport(
            utc, source.id, has_signal, self._since, reason, self._recordings.seconds(),
            self._packets, dropped,
        )  # fmt: skip
        with suppress(OSError):
            write_private(
                gateway_report_path(self._folder, self._slot), GATEWAY_REPORT.dump_json(report)
            )
        self._say_sound(source)

    def _withdraw_report(self) -> None:
        """Withdraw the report on a source that is closed, once."""
        if self._has_report:
            with suppress(OSError):
                write_empty_report(gateway_report_path(self._folder, self._slot))
                self._has_report = False

    def _say_sound(self, source: Source) -> None:
        airings, recess = _recorded(self._intakes)
        sound = SourceHeader(
            source.id, source.gain_db, source.sound.value, source.limiter, airings, recess
        )
        if sound != self._sound:
            self._sound = sound
            self._send(sound)

    def _send(self, message: Message) -> None:
        for sender in self._senders:
            sender.put(message)

    def _wanted(self) -> Source | None:
        with self._lock:
            return self._intakes[0].source if self._intakes else None

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            self._alive = self._clock.monotonic()
            source = self._wanted()
            if source is None:
                self._clock.wait(0.1)
                continue
            before = self._packets
            try:
                self._reason = self._take(source)
            except Exception as error:  # noqa: BLE001 - any fault: the source is opened again
                log.error("Reading a source failed. It is opened again.%s", where(error))
                self._reason = "Reading the source failed; it is opened again."
            with self._lock:
                self._recordings.begin(None)
            pause = FIRST_PAUSE if self._packets > before else min(2 * pause, LONGEST_PAUSE)
            self._clock.wait(pause)

    def _take(self, source: Source) -> str:
        """Read the source until it breaks off or is no longer wanted; return why it ended."""
        try:
            live = open_source(source.address, self._networks, self._clock)
        except (AddressError, SourceError) as error:
            return str(error)
        try:
            self._follow(live, lambda: self._still(source))
        except SourceError as error:
            return str(error)
        finally:
            live.close()
        return ""

    def _still(self, source: Source) -> bool:
        wanted = self._wanted()
        return wanted is not None and wanted.address == source.address

    def _follow(self, live: OpenSource, wanted: Callable[[], bool]) -> None:
        stretch = self._stretch(live.format)
        looked = 0
        for message in live.packs():
            self._alive = now = self._clock.monotonic()
            if now - looked > LOOK_EVERY * NS:
                looked = now
                if not wanted():
                    return
            if isinstance(message, StreamFormat):
                stretch = self._stretch(message)
                continue
            taken = stretch.time.take(message)
            # Checked before any packet is recorded: HEVC was once written into a piece of H.264.
            if any(stretch.coding.is_other(pack) for _, pack in taken):
                raise SourceError("The source changed what it sends; it is opened again.")
            for restarts, pack in taken:
                self._keep(stretch.form, pack, restarts or stretch.coding.changes(pack))

    def _stretch(self, form: StreamFormat) -> "_Stretch":
        """Start following packets of this format."""
        self._form = form
        self._patience = SEGMENTED_SIGNAL_LOST_AFTER if form.bursty else SIGNAL_LOST_AFTER
        self._begin(form)
        return _Stretch(form, Continuity(form), Coding(form))

    def _keep(self, form: StreamFormat, pack: CodedPacket, restarts: bool) -> None:
        """Write a packet to disk, then pass it on: a slow reader must not cost the recording."""
        if restarts:
            self._begin(form)
        self._packets, self._signal_at = self._packets + 1, self._clock.monotonic()
        late = self._signal_at - pack.arrival
        with self._lock:
            self._recordings.write(pack, self._clock.utc() - timedelta(microseconds=late // 1000))
        self._send(pack)

    def _begin(self, form: StreamFormat) -> None:
        form = replace(form, epoch=self._clock.monotonic())
        with self._lock:
            self._recordings.begin(form)
            if self._sound is not None:
                self._send(self._sound)
        self._send(form)


def _recorded(intakes: Sequence[Intake]) -> tuple[tuple[AiringId, ...], tuple[AiringId, ...]]:
    """Return the airings to record, and those of them that are in recess."""
    named = [(intake.airing, intake.recess) for intake in intakes if intake.airing is not None]
    in_recess = tuple(airing for airing, recess in named if recess)
    return tuple(airing for airing, _ in named), in_recess


def run_gateway(
    slot: int, folder: Path, handles: Sequence[int], networks: Sequence[str], clock: Clock
) -> None:
    """Run the gateway process of one slot until it is killed. Raises SystemExit when reading hangs,
    so that the supervisor starts a new process.
    """
    gateway = Gateway(slot, folder, [PacketSender(handle) for handle in handles], networks, clock)
    while gateway.look():
        beat()
        clock.wait(LOOK_EVERY)
    raise SystemExit("reading the source hangs; a new process takes over")
