"""A deck gives back what only the load of a file needed, once for each load."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from support.silent_decoder import HOUSE, SilentDecoder

from config.clock import SimulatedClock
from config.names import CueId
from playout.engine.decks import deck as deck_module
from playout.engine.decks.deck import LOADED_FRAMES, VlcDeck
from playout.engine.decks.first_pictures import PICTURES_KEPT
from playout.engine.format.framing import PictureBox
from playout.engine.links.ring import TAIL, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.decoder import Sink
from playout.model.engine import Shot
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class ByHand(SilentDecoder):
    """A decoder that brings a picture when the test says so."""

    def play(
        self, sink: Sink, box: PictureBox, start: float, interlaced: bool, stop: float | None = None
    ) -> None:
        super().play(sink, box, start, interlaced, stop)
        self.shown = 0

    def bring(self, count: int) -> None:
        for _ in range(count):
            planes = [
                np.full(size, self.shown, np.uint8) for size in ((36, 64), (18, 32), (18, 32))
            ]
            self.sink.picture(planes, 1_000_000 + self.shown * 40_000, sharp=True)
            self.shown += 1


def test_what_a_load_needed_goes_back_once_its_pictures_are_in_the_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[str] = []

    def give_back() -> bool:
        given_back.append("once")
        return True

    monkeypatch.setattr(deck_module, "give_back_memory", give_back)
    path = tmp_path / "a.mp4"
    path.write_bytes(b"film")
    decoder, clock = ByHand(), SimulatedClock(NOON)
    ring = Ring(make_ring("a", ring_shape_for(HOUSE, 2.0)))
    made = VlcDeck(ring, decoder, clock)
    end = NOON + timedelta(seconds=9)
    for _ in range(2):
        ring.put_word(TAIL, ring.head)
        made.load(Shot(CueId("a"), Layer.DECK, NOON, end, path=str(path), offset=1.0))
        given_back.clear()  # a load stops the file before it
        decoder.bring(LOADED_FRAMES - 5)
        made.step()
        assert given_back == []
        for _ in range(8):
            decoder.bring(2)
            made.step()
        assert given_back == ["once"]


def test_the_first_pictures_are_compared_by_then() -> None:
    assert LOADED_FRAMES > PICTURES_KEPT
