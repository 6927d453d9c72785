"""A deck whose decoder brings nothing: it restarts, and its file is not blamed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.silent_decoder import HOUSE, SilentDecoder

from config.clock import SimulatedClock
from config.names import CueId
from playout.engine.decks.deck import STUCK_AFTER, VlcDeck
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.model.engine import DeckState, Shot
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


@pytest.fixture
def deck(clock: SimulatedClock, tmp_path: Path) -> VlcDeck:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"film")
    made = VlcDeck(Ring(make_ring("a", ring_shape_for(HOUSE, 2.0))), SilentDecoder(), clock)
    end = NOON + timedelta(seconds=9)
    made.load(Shot(CueId("a"), Layer.DECK, NOON, end, path=str(path), offset=1.0))
    return made


def steps(deck: VlcDeck, clock: SimulatedClock, seconds: float) -> None:
    for _ in range(round(seconds / 0.02)):
        clock.advance(timedelta(seconds=0.02))
        deck.step()


def test_deck_without_frames_restarts_and_does_not_fail_its_file(
    deck: VlcDeck, clock: SimulatedClock
) -> None:
    steps(deck, clock, STUCK_AFTER - 0.1)
    assert not deck.stuck
    steps(deck, clock, 0.2)
    assert deck.stuck
    assert deck.report().state is DeckState.CUEING


def test_time_that_a_busy_machine_took_from_a_deck_is_not_held_against_it(
    deck: VlcDeck, clock: SimulatedClock
) -> None:
    for _ in range(10):
        clock.advance(timedelta(seconds=5))
        deck.step()
    assert not deck.stuck
    steps(deck, clock, STUCK_AFTER)
    assert deck.stuck
