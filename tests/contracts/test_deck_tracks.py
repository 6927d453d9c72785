"""The sound track that a real deck airs of a file with several, known by its pitch."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from av.stream import Disposition
from support.many_tracks import Film, Tone, many_tracks, tone_of

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from media.ingest import prepare
from media.probe import ConfinedProber
from playout.engine.decks.deck import VlcDeck
from playout.engine.links.ring import TAIL, Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.decoder import VlcDecoder
from playout.model.engine import DeckState, Shot
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("320x180@30000/1001")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATIENCE = 30.0
RIGHT, WRONG = 900, 700
DESCRIBED, COMMENT = Disposition.visual_impaired, Disposition.comment
RECORDER = "16 channels"


@pytest.fixture(scope="module")
def decoder() -> VlcDecoder:
    return VlcDecoder(SystemClock())


def heard(path: Path, decoder: VlcDecoder) -> float:
    """Ingest this file, play it on a deck, and return the pitch in Hz."""
    airs = prepare(path, path.name, path.parent, ConfinedProber()).on_air
    ring, clock = Ring(make_ring("test", ring_shape_for(HOUSE, 2.0))), SystemClock()
    deck, sound = VlcDeck(ring, decoder, clock), []
    length = airs.facts.length
    deck.load(
        Shot(
            CueId("a"), Layer.DECK, NOON, NOON + length, path=str(airs.path),
            length=length.total_seconds(), rate=airs.facts.rate,
        )
    )  # fmt: skip
    over = clock.monotonic() + round(PATIENCE * 1e9)
    while deck.report().state not in (DeckState.ENDED, DeckState.FAILED):
        assert clock.monotonic() < over, deck.report()
        deck.step()
        while ring.tail < ring.head:
            slot = ring.look(ring.tail)
            assert slot is not None
            sound.append(slot.sound[1 : slot.samples - 1, 0].copy())
            ring.put_word(TAIL, ring.tail + 1)
        clock.wait(0.005)
    deck.stop()
    return tone_of(np.concatenate(sound) / 32768)


@pytest.mark.parametrize(
    ("suffix", "tones"),
    [
        (".mp4", [Tone(WRONG, on=False), Tone(RIGHT)]),
        (".mkv", [Tone(WRONG, flags=COMMENT), Tone(RIGHT, on=False)]),
        (".ts", [Tone(WRONG, flags=DESCRIBED), Tone(RIGHT)]),
        (".mov", [Tone(RIGHT, codec="pcm_s16le", layout=RECORDER)]),
        (".mp4", [Tone(RIGHT, layout="5.1")]),
    ],
    ids=[
        "the second is on", "no commentary", "no audio description", "sixteen channels",
        "5.1 as it is",
    ],
)  # fmt: skip
def test_the_main_sound_is_heard_at_its_pitch(
    suffix: str, tones: list[Tone], tmp_path: Path, decoder: VlcDecoder
) -> None:
    path = many_tracks(tmp_path / f"a{suffix}", [Film(2)], tones, seconds=1.0)

    assert heard(path, decoder) == pytest.approx(RIGHT, abs=5)
