"""Automatic captions on their way from the captioner through the bus."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config.names import CueId, HouseFormat
from playout.engine.bus.captions import BusCaptions
from playout.engine.bus.spoken import OWN_LAST_FOR, LiveWords
from playout.engine.bus.take import Take, TickContent
from playout.engine.links.packets import packet_pair
from playout.engine.links.port import is_live_heard
from playout.engine.links.ring import Ring
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.links.spoken import SpokenCaptions, SpokenLine, live_to_hear
from playout.model.engine import Shot
from playout.model.layer import Layer

RATE = Fraction(30)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT, OWN = b"\xfc\xc1\xc2", b"\xfc\xc4\xc5"
CLEARED = 6
"""Ticks after which a change of the screen has been cleared."""


def live(cue: str, first: int, *, automatic: bool = True) -> Take:
    shot = Shot(
        CueId(cue), Layer.DECK, NOON, NOON + timedelta(hours=1), source="hall",
        automatic_captions=automatic,
    )  # fmt: skip
    return Take(shot, first, 0)


class Air:
    """A bus's captions with the captioner's end of its line."""

    def __init__(self) -> None:
        self.handle = make_ring("program", ring_shape_for(HouseFormat.parse("64x36@30"), 1.2))
        self.ring = Ring(self.handle)
        near, far = packet_pair()
        self.line = SpokenLine(near)
        words = LiveWords(RATE, SpokenCaptions(self.ring, far))
        self.captions = BusCaptions(RATE, cast(Any, None), cast(Any, None), words)
        self.tick = 0

    def air(self, take: Take, ticks: int, own: bytes = b"", layer: Layer = Layer.DECK) -> bytes:
        sent = b""
        for _ in range(ticks):
            slot = cast(Any, SimpleNamespace(captions=own, frame=self.tick))
            content = TickContent(layer, take.shot.cue, slot if layer is Layer.DECK else None)
            sent += self.captions.of(self.tick, content, take, is_covered=False)
            self.tick += 1
        return sent


@pytest.fixture
def air() -> Air:
    return Air()


def roll(text: bytes) -> bytes:
    return b"\xfc\x94\x26" * 2 + text


def test_a_live_that_brings_no_captions_is_heard_and_captioned(air: Air) -> None:
    take = live("council", 5)
    air.air(take, CLEARED)
    heard = live_to_hear(air.ring)
    air.line.say(heard, roll(TEXT))

    assert heard == 5 and is_live_heard(air.handle)
    assert TEXT in air.air(take, 5)


def test_words_of_a_live_that_has_left_the_air_are_dropped(air: Air) -> None:
    air.air(live("council", 5), CLEARED)
    air.line.say(5, roll(TEXT) * 50)
    air.air(live("council", 5), 2)
    following = live("committee", 90)
    air.air(following, CLEARED)
    air.line.say(5, roll(TEXT))

    assert TEXT not in air.air(following, 300) and live_to_hear(air.ring) == 90


@pytest.mark.parametrize("layer", [Layer.SLATE, Layer.BOARD])
def test_no_words_are_written_under_a_slate(air: Air, layer: Layer) -> None:
    take = live("council", 5)
    air.air(take, CLEARED)
    air.air(take, CLEARED, layer=layer)
    air.line.say(5, roll(TEXT))

    assert TEXT not in air.air(take, 30, layer=layer) and not is_live_heard(air.handle)


def test_a_live_without_the_rule_is_not_heard(air: Air) -> None:
    air.air(live("council", 5, automatic=False), CLEARED)

    assert live_to_hear(air.ring) == 0


def test_a_live_with_captions_of_its_own_gets_no_others(air: Air) -> None:
    take = live("council", 5)
    air.air(take, CLEARED)
    air.line.say(5, roll(TEXT))
    air.air(take, CLEARED)
    sent = air.air(take, 4, own=roll(OWN))
    air.line.say(5, roll(TEXT))
    sent += air.air(take, 60)

    assert OWN in sent and TEXT not in sent and sent.index(b"\xfc\x94\x2c" * 2) < sent.index(OWN)
    assert live_to_hear(air.ring) == 0


def test_a_live_whose_own_captions_end_is_heard_again_after_half_a_minute(air: Air) -> None:
    take = live("council", 5)
    air.air(take, 1, own=roll(OWN))
    air.air(take, round(OWN_LAST_FOR * RATE) + 1)

    assert live_to_hear(air.ring) == 5


def test_a_bus_that_starts_names_no_live(air: Air) -> None:
    air.air(live("council", 5), CLEARED)
    SpokenCaptions(air.ring, packet_pair()[1])

    assert not is_live_heard(air.handle)


@pytest.mark.parametrize("codes", ["fc942c fc942c", "fc94ae fc94ae", "fd0103 fdc3ef fd8f6a"])
def test_an_encoder_that_only_erases_or_names_the_program_keeps_no_captions_away(
    air: Air, codes: str
) -> None:
    take = live("council", 5)
    air.air(take, CLEARED, own=bytes.fromhex(codes))

    assert live_to_hear(air.ring) == 5


def test_a_live_that_only_erases_does_not_erase_automatic_captions(air: Air) -> None:
    take, erases = live("council", 5), bytes.fromhex("fc942cfc942c")
    air.air(take, CLEARED)
    air.line.say(5, roll(TEXT))
    sent = air.air(take, 30, own=erases)

    assert TEXT in sent and erases[:3] not in sent
