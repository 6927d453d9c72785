"""An output process: the program ring fed into one endless libVLC, to a stream or to a screen."""

import logging

from config.child import beat
from config.clock import Clock
from playout.engine.links.ring import Ring
from playout.engine.outputs.feed import ProgramFeed
from playout.engine.outputs.targets import SCREEN, Encode, stream_output
from playout.engine.outputs.vlc_feed import VlcFeed
from playout.engine.outputs.window import ScreenWindow
from playout.engine.priority import ask_for_realtime

log = logging.getLogger(__name__)
LOOK_EVERY = 0.1


class OutputError(Exception):
    """A libVLC that ended; a new process starts the output again."""


def run_output(
    ring_handle: int, place: int, targets: list[str], encode: Encode, display: str, clock: Clock
) -> None:
    """Run the output process until it is killed.

    A stream that starts again after its process died keeps its PIDs and tables. Its counters and
    its clock start from zero, which receivers treat as a discontinuity and follow. Raises
    OutputError when libVLC ends, ScreenError when there is no screen.
    """
    ring = Ring(ring_handle)
    feed = ProgramFeed(ring, place, clock)
    if targets == [SCREEN]:
        ask_for_realtime()
        window = ScreenWindow(display).handle
        player = VlcFeed(feed, ring.shape.format, sout="", display=display, window=window)
    else:
        player = VlcFeed(
            feed, ring.shape.format, sout=stream_output(targets, ring.shape.format, encode)
        )
    player.start()
    taken = -1
    while True:
        clock.wait(LOOK_EVERY)
        if player.taken != taken:
            taken = player.taken
            beat()
        if player.stopped:
            raise OutputError(f"libVLC ended its output to {', '.join(targets)}")
