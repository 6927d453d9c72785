"""An output process: the program ring fed into one endless libVLC, to a stream or to a screen."""

import os
from dataclasses import dataclass
from itertools import count

from config.child import beat
from config.clock import Clock
from playout.engine.links.fed import FedLine
from playout.engine.links.ring import Ring
from playout.engine.memory import give_back_memory
from playout.engine.outputs.encode import Encode, stream_output
from playout.engine.outputs.feed import ProgramFeed
from playout.engine.outputs.vlc_feed import VlcFeed
from playout.engine.outputs.weave import FieldFeed, FrameFeed
from playout.engine.outputs.window import ScreenWindow
from playout.engine.priority import ask_for_realtime
from playout.engine.relay.demux import run_mark

LOOK_EVERY = 0.1
TRIM_EVERY = 200
"""Looks from one giving back of memory to the next: 20 s. While libVLC starts, and after a stall,
up to fifteen pictures wait in it, which glibc would keep room for: 15 MB at 720p."""


class OutputError(Exception):
    """A libVLC that ended; a new process starts the output again."""


@dataclass(frozen=True)
class RelayEnds:
    """The encoder's ends of its two ways to the relay."""

    pipe: int
    """Takes the coded stream."""
    fed: int
    """Takes what libVLC does not carry."""


def run_screen(
    ring_handle: int, place: int, display: str, clock: Clock, *, open_captions: bool
) -> None:
    """Run the screen output until it is killed; `open_captions` draws captions into its picture.

    Raises OutputError when libVLC ends, ScreenError when there is no screen.
    """
    ring = Ring(ring_handle)
    feed = ProgramFeed(ring, place, clock)
    ask_for_realtime()
    window = ScreenWindow(display).handle
    house, over = ring.shape.format, None
    if open_captions:
        from playout.engine.outputs.open_captions import OpenCaptions

        over = OpenCaptions(house).over
    player = VlcFeed(feed, house, sout="", display=display, window=window, over=over)
    _keep_running(player, clock)


def run_encoder(
    ring_handle: int, place: int, relay: RelayEnds, encode: Encode, clock: Clock
) -> None:
    """Run the encoder until it is killed. Raises OutputError when libVLC ends.

    Each start is a run with a name of its own, by which the relay tells it from the run before.
    """
    ring = Ring(ring_handle)
    house = ring.shape.format
    feed: FrameFeed = ProgramFeed(ring, place, clock)
    if encode.is_woven(house):
        feed = FieldFeed(feed, house)
    run = clock.monotonic()
    os.write(relay.pipe, run_mark(run))
    sout = stream_output(relay.pipe, house, encode)
    line = FedLine(relay.fed, run)
    _keep_running(VlcFeed(feed, house, sout=sout, line=line), clock)


def _keep_running(player: VlcFeed, clock: Clock) -> None:
    player.start()
    taken = -1
    for look in count(1):
        clock.wait(LOOK_EVERY)
        if not look % TRIM_EVERY:
            give_back_memory()
        if player.taken != taken:
            taken = player.taken
            beat()
        if player.stopped:
            raise OutputError("libVLC ended its output")
