"""A program that switches one deck from file to file and prints the switches and its memory."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from soak.file_ends import resident

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from playout.engine.decks.deck import VlcDeck
from playout.engine.links.ring import TAIL, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.decoder import VlcDecoder
from playout.model.engine import Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("640x360@30000/1001")
FRAMES_BEFORE_SWITCH = 8
"""House-rate frames to wait for before the next switch."""
FRAMES_WITHIN = 3.0


def main(count: int, files: list[Path]) -> None:
    """Switch `count` times; after every second switch print its number and the resident bytes."""
    clock, ring = SystemClock(), Ring(make_ring("switches", ring_shape_for(HOUSE, 2.0)))
    deck = VlcDeck(ring, VlcDecoder(clock), clock)
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for number in range(count):
        path = str(files[number % len(files)])
        until = noon + timedelta(seconds=3)
        deck.load(Shot(CueId(str(number)), Layer.DECK, noon, until, path=path, length=3.003))
        end = clock.monotonic() + FRAMES_WITHIN * 1e9
        while ring.head - ring.tail < FRAMES_BEFORE_SWITCH and clock.monotonic() < end:
            deck.step()
            clock.wait(0.005)
        ring.put_word(TAIL, ring.head)
        if number % 2:
            print(number, resident(os.getpid()), flush=True)
    deck.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
