"""A channel's encoder, relay and targets alone, with a program whose pictures carry their tick."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from support.captured_airing import children_of
from support.marks import Mark, draw_mark

from config.clock import SystemClock
from config.names import HouseFormat
from config.supervise import Supervisor
from playout.engine.format.ticks import Ticks
from playout.engine.links.placed import make_placed
from playout.engine.links.port import write_clock_start
from playout.engine.links.restart_orders import make_orders, order_reader
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.outputs.encode import Encode
from playout.engine.watching.placing import TickNotes
from playout.processes.outputs import OutputPlan, WatchMemory, output_children
from playout.processes.stream import StreamPlan

IDENT = 9


class EncoderBench:
    """Publishes numbered pictures on their ticks, and keeps the processes of the outputs alive.

    Each tick carries its number as captions too, in one triplet of 708, which the relay passes on
    where it holds back pairs of line 21: before the beginning of a caption.
    """

    def __init__(
        self,
        house: HouseFormat,
        outputs: Sequence[str],
        folder: Path,
        encode: Encode | None = None,
        stream: StreamPlan | None = None,
        *,
        is_watched: bool = False,
    ) -> None:
        self.house, self._clock = house, SystemClock()
        handle = make_ring("gavel-bench", ring_shape_for(house, 1.2))
        self.epoch = self._clock.monotonic()
        write_clock_start(handle, self.epoch, 0)
        self._ring, self._handle = Ring(handle), handle
        watch = WatchMemory(make_placed(), make_orders()) if is_watched else None
        self._notes = TickNotes(self._ring, watch.placed) if watch is not None else None
        plan = OutputPlan(
            outputs, encode or Encode(1500, 192, "ultrafast"), stream or StreamPlan(), "",
            watch=watch,
        )  # fmt: skip
        children = output_children(handle, self.epoch, house, folder, plan)
        asked = order_reader(watch.orders) if watch is not None else None
        self.supervisor = Supervisor(children, self._clock, asked=asked)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._publish),
            threading.Thread(target=self.supervisor.run, kwargs={"signals": False}),
        ]

    def __enter__(self) -> "EncoderBench":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self.supervisor.stop()
        for thread in self._threads:
            thread.join()

    def strike(self, kind: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to the process of this kind, as soon as there is one."""
        while (pid := children_of(os.getpid()).get(kind)) is None:
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.kill(pid, number)

    def pid(self, kind: str) -> int:
        """Return the process of this kind."""
        return children_of(os.getpid())[kind]

    def _publish(self) -> None:
        ticks, tick = Ticks(self.house.rate, self.epoch), 0
        while not self._stop.is_set():
            wait = (ticks.due(tick) - self._clock.monotonic()) / 1e9
            if wait > 0:
                time.sleep(wait)
            slot = self._ring.begin(tick)
            luma = draw_mark(Mark(IDENT, tick), self.house.width, self.house.height)
            slot.picture[: luma.size], slot.picture[luma.size :] = luma.ravel(), 128
            samples = ticks.sound_before(tick + 1) - ticks.sound_before(tick)
            tone = np.sin(np.arange(len(slot.sound)) * 0.06) * 3000
            slot.sound[:] = tone.astype(np.int16)[:, None]
            number = bytes((0xFE, tick >> 8 & 0xFF, tick & 0xFF))
            self._ring.commit(tick, 1, tick, 3, samples, number)
            if self._notes is not None:
                self._notes.note(tick, slot)
            tick += 1
