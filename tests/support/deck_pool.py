"""A pool of two real decks that play clips into rings side by side, as a channel does."""

from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from support.clips import Clip, numbered_clip
from support.marks import read_mark

from config.clock import SystemClock
from config.names import CueId, HouseFormat
from media.ingest import ingest
from media.probe import ConfinedProber
from media.store import MediaStore
from playout.engine.decks.deck import VlcDeck
from playout.engine.links.ring import REPEATED, TAIL, Ring, planes
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.vlc.decoder import VlcDecoder
from playout.model.engine import DeckState, Shot
from playout.model.layer import Layer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEFAULT_FORMAT, DECK_COUNT = "640x360@30000/1001", 2
_decoders: list[VlcDecoder] = []


@dataclass(frozen=True)
class PlayRequest:
    """A clip to make, and how a deck is to play it."""

    name: str
    """Of its file, which says how it is wrapped."""
    recipe: Mapping[str, Any]
    house: str = DEFAULT_FORMAT
    offset: float = 0.0
    """Seconds into the clip at which it is joined."""
    exact: bool = False
    """Whether its first picture must be the one at `offset`."""
    filed: bool = False
    """Whether ingest files it first, as it does for air."""


@dataclass
class PlayedClip:
    """A clip, and what a deck put into its ring for it."""

    clip: Clip
    frames: list[int | None] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    """Places of slots that say their own picture never came."""
    sound: list[NDArray[np.int16]] = field(default_factory=list)
    state: DeckState = DeckState.IDLE
    reason: str = ""


class DeckPool:
    """Two processes with one deck each, as a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._asked = folder, 0
        self._pool = ProcessPoolExecutor(DECK_COUNT, get_context("spawn"))

    def __enter__(self) -> "DeckPool":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def play(self, wanted: PlayRequest) -> "Future[PlayedClip]":
        """Let the next free deck make the clip and play it."""
        self._asked += 1
        return self._pool.submit(_fulfil, wanted, self._folder / f"{self._asked}")


def _fulfil(wanted: PlayRequest, folder: Path) -> PlayedClip:
    folder.mkdir()
    clip = numbered_clip(folder / wanted.name, **wanted.recipe)
    path = clip.path
    if wanted.filed:
        store = MediaStore(folder / "store")
        facts = ingest(path, wanted.name, store, ConfinedProber()).on_air
        path = store.path(facts.key, facts.suffix)
    if not _decoders:
        _decoders.append(VlcDecoder(SystemClock()))
    return _play(_decoders[0], path, wanted, clip)


def _play(decoder: VlcDecoder, path: Path, wanted: PlayRequest, clip: Clip) -> PlayedClip:
    house, length = HouseFormat.parse(wanted.house), float(clip.seconds)
    clock, ring = SystemClock(), Ring(make_ring("test", ring_shape_for(house, 2.0)))
    deck, brought = VlcDeck(ring, decoder, clock), PlayedClip(clip)
    until = NOON + timedelta(seconds=9)
    shot = Shot(
        CueId("x"),
        Layer.DECK,
        NOON,
        until,
        path=str(path),
        offset=wanted.offset,
        length=length,
        is_exact=wanted.exact,
    )  # fmt: skip
    deck.load(shot)
    for _ in range(round(length * 200) + 1300):
        deck.step()
        _drain(ring, house, brought)
        brought.state, brought.reason = deck.report().state, deck.report().reason
        if brought.state in (DeckState.ENDED, DeckState.FAILED):
            break
        clock.wait(0.005)
    deck.stop()
    return brought


def _drain(ring: Ring, house: HouseFormat, brought: PlayedClip) -> None:
    """Take every slot out of the ring."""
    while ring.tail < ring.head:
        slot = ring.look(ring.tail)
        assert slot is not None
        mark = read_mark(planes(slot.picture, house.width, house.height)[0])
        brought.frames.append(mark.frame if mark else None)
        if slot.flags & REPEATED:
            brought.repeated.append(len(brought.frames) - 1)
        brought.sound.append(slot.sound[1 : slot.samples - 1, 0].copy())
        ring.put_word(TAIL, ring.tail + 1)
