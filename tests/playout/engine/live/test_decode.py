"""The live deck over real packets in simulated time: every decoded picture is at its tick."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from support.captioned import caption_clip
from support.clips import Sound, numbered_clip
from support.colours import (
    RED_601,
    RED_601_FULL,
    RED_709,
    Flat,
    colour_at,
    flat_clip,
    is_near,
)
from support.marks import read_mark
from support.shape_changes import ShapePart, bright_box, shape_shifter

from config.clock import SimulatedClock
from config.names import HouseFormat
from playout.engine.bus.live_input import LiveInput, LiveInputs
from playout.engine.format.ticks import NS, Ticks
from playout.engine.gateway.encode import CODEC_NAMES
from playout.engine.links.packets import CodedPacket, CodedTrack, SourceHeader, StreamFormat
from playout.engine.links.port import write_clock_start
from playout.engine.links.ring import GENERATION, Ring, planes
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.live.deck import LiveDeck

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOUSE = HouseFormat.parse("320x180@30000/1001")
EPOCH = 1_000_000_000
NARROW, WIDE = Fraction(8, 9), Fraction(32, 27)


def packs_of(path: Path) -> tuple[StreamFormat, list[CodedPacket]]:
    """Return a file as a gateway would hand it on, arriving in its own time."""
    with av.open(str(path)) as source:
        streams = [*source.streams.video[:1], *source.streams.audio[:1]]
        places = {stream.index: place for place, stream in enumerate(streams)}
        tracks = tuple(
            CodedTrack(
                s.type, CODEC_NAMES.get(s.codec_context.name, s.codec_context.name), s.time_base
            )
            for s in streams
        )
        packs = []
        for packet in source.demux(streams):
            if packet.dts is None:
                continue
            place = places[packet.stream_index]
            at = round(float(packet.dts * packet.time_base) * NS) + EPOCH
            packs.append(
                CodedPacket(
                    place,
                    bool(packet.is_keyframe),
                    packet.pts,
                    packet.dts,
                    packet.duration or 0,
                    at,
                    bytes(packet),
                )  # fmt: skip
            )
    return StreamFormat(tracks, epoch=1), sorted(packs, key=lambda pack: pack.arrival)


class Wire:
    """A port whose two ends are one."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, object]] = []

    def send(self, message: dict[str, object]) -> None:
        self.waiting.append(message)

    def receive(self) -> list[dict[str, object]]:
        waiting, self.waiting = self.waiting, []
        return waiting


class Bench:
    """A live deck, the bus's side of it, and the clock."""

    def __init__(self, house: HouseFormat = HOUSE) -> None:
        handle = make_ring("live", ring_shape_for(house, 1.2))
        write_clock_start(handle, EPOCH, 0)
        self.house, self.ring = house, Ring(handle)
        self.clock = SimulatedClock(NOON, EPOCH)
        self.deck = LiveDeck(self.ring, self.clock)
        self.far = Wire()
        self.live = LiveInput(self.ring, self.far)  # type: ignore[arg-type]
        self.inputs = LiveInputs([self.live])
        self.ticks = Ticks(house.rate, EPOCH)
        self.tick = 0
        self.seen: list[int | None] = []
        self.idents: list[int | None] = []
        self.peaks: list[tuple[int, int]] = []
        self.said: list[bytes] = []
        """The captions of each slot that was there."""

    def run(self, packs: list[CodedPacket], seconds: float, *, source: str = "chamber") -> None:
        """Tick by tick: take what has arrived, make frames, and let the bus take its own."""
        packs = list(packs)
        for _ in range(round(seconds * self.house.rate)):
            due = self.ticks.due(self.tick)
            self.clock.advance(timedelta(microseconds=(due - self.clock.monotonic()) // 1000))
            while packs and packs[0].arrival <= due and self.deck.wants_more():
                self.deck.take(packs.pop(0))
            self.deck.step()
            self.far.send({"source": source, "generation": self.deck.generation})
            self.inputs.listen()
            self.inputs.pass_by(self.tick)
            slot = self.inputs.slot(source, self.tick)
            mark = self.mark(slot.picture) if slot is not None else None
            self.seen.append(mark[1] if mark is not None else None)
            self.idents.append(mark[0] if mark is not None else None)
            if slot is not None:
                self.said.append(slot.captions)
                peak = np.abs(slot.sound[1:-1].astype(int)).max(axis=0)
                self.peaks.append((int(peak[0]), int(peak[1])))
            self.tick += 1

    def mark(self, picture: np.ndarray) -> tuple[int, int]:
        """Return a picture's source and number; -1 for a number that cannot be read."""
        self.last = planes(picture, self.house.width, self.house.height)[0].copy()
        mark = read_mark(self.last)
        return (mark.ident, mark.frame) if mark is not None else (-1, -1)

    def left_edge(self) -> float:
        """Return the luma of the last picture's left edge; a bar is black, which is 16."""
        return float(self.last[:, :8].mean())


def later(packs: list[CodedPacket], seconds: float) -> list[CodedPacket]:
    return [replace(pack, arrival=pack.arrival + round(seconds * NS)) for pack in packs]


@pytest.fixture(scope="module")
def clip(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., tuple[StreamFormat, list[CodedPacket]]]:
    folder = tmp_path_factory.mktemp("clips")

    def make(**recipe: object) -> tuple[StreamFormat, list[CodedPacket]]:
        path = folder / f"{len(list(folder.iterdir()))}.ts"
        numbered_clip(path, **{"frames": 150, "size": (320, 180), "ident": 4} | recipe)
        return packs_of(path)

    return make


Make = Callable[..., tuple[StreamFormat, list[CodedPacket]]]


@pytest.mark.parametrize(
    "recipe",
    [
        {},
        {"codec": "libx265"},
        {"codec": "mpeg2video"},
        {"codec": "mpeg2video", "interlaced": True, "size": (720, 480)},
        {"audio": None},
    ],
)
def test_every_live_picture_is_shown_once_in_place(clip: Make, recipe: dict[str, object]) -> None:
    form, packs = clip(**recipe)
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 4.5)
    seen = [number for number in bench.seen if number is not None]
    assert len(seen) > 100
    assert seen == list(range(seen[0], seen[0] + len(seen)))
    assert None not in bench.seen[40:130]


def test_new_deck_joins_a_running_source(clip: Make) -> None:
    form, packs = clip()
    keys = [place for place, pack in enumerate(packs) if pack.key and pack.track == 0]
    bench = Bench()
    for message in (SourceHeader("chamber"), form, SourceHeader("chamber"), form):
        bench.deck.take(message)
    bench.run(packs[keys[0] + 5 :], 4.5)
    seen = [number for number in bench.seen if number is not None]
    assert seen[0] >= 50
    assert seen == list(range(seen[0], seen[0] + len(seen)))


def test_new_stretch_continues_without_help(clip: Make) -> None:
    form, packs = clip()
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 5.0)
    bench.deck.take(replace(form, epoch=2))
    bench.run(later(packs, 7.0), 9.0)
    after = [number for number in bench.seen[round(7 * HOUSE.rate) :] if number is not None]
    assert after[:3] == [0, 1, 2]
    assert bench.seen[round(6.2 * HOUSE.rate)] is None


def test_another_format_in_the_middle_is_shown_in_its_shape(clip: Make) -> None:
    form, packs = clip()
    other, more = clip(size=(640, 360), codec="mpeg2video", ident=7)
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 5.0)
    bench.deck.take(replace(other, epoch=2))
    bench.run(later(more, 5.0), 4.0)
    assert bench.seen[-1] is not None
    assert bench.seen[-1] > 50


class Screen(Bench):
    """A bench that notes how much of the screen each picture fills."""

    def __init__(self) -> None:
        super().__init__()
        self.filled: list[tuple[float, float]] = []

    def mark(self, picture: np.ndarray) -> tuple[int, int]:
        """Return no number; none is needed."""
        self.filled.append(bright_box(planes(picture, 320, 180)[0]))
        return 0, 0


@pytest.mark.parametrize(
    "parts",
    [
        [ShapePart((640, 480)), ShapePart((848, 480))],
        [ShapePart((720, 480), NARROW), ShapePart((720, 480), WIDE)],
        [
            ShapePart((720, 480), NARROW, codec="mpeg2video"),
            ShapePart((720, 480), WIDE, codec="mpeg2video"),
        ],
        [ShapePart((640, 480), woven=True), ShapePart((848, 480), woven=True)],
        [ShapePart((640, 480)), ShapePart((848, 480), woven=True)],
    ],
)
def test_a_live_that_changes_its_shape_fills_the_screen_with_each(
    parts: list[ShapePart], tmp_path: Path
) -> None:
    form, packs = packs_of(shape_shifter(tmp_path / "a.ts", parts))
    bench = Screen()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 3.5)
    shown = bench.filled
    wide = [place for place, box in enumerate(shown) if box[0] > 0.98]

    assert len(shown) >= 84 and abs(len(wide) - 45) <= 14
    assert wide == list(range(wide[0], wide[-1] + 1))
    assert {round(box[0], 1) for box in shown[: wide[0]]} == {0.8}
    assert [box for box in shown if box[1] < 0.98] == []


@pytest.mark.parametrize(
    "flat",
    [
        Flat(RED_601, (320, 180), tag=6),
        Flat(RED_601, (320, 180)),
        Flat(RED_709, (320, 180), tag=1),
        Flat(RED_601_FULL, (320, 180), tag=5, pixels="yuvj420p"),
    ],
)
def test_a_live_of_any_colour_coding_is_shown_in_that_of_the_house(
    flat: Flat, tmp_path: Path
) -> None:
    form, packs = packs_of(flat_clip(tmp_path / "a.ts", flat, frames=60))
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 1.5)
    slot = bench.ring.look(bench.ring.head - 1)

    assert slot is not None
    assert is_near(colour_at(planes(slot.picture, 320, 180)), RED_709)


def test_broken_packets_do_no_harm(clip: Make) -> None:
    form, packs = clip()
    random = np.random.default_rng(3)
    hurt = [
        replace(pack, data=random.bytes(len(pack.data))) if 60 < place < 120 else pack
        for place, pack in enumerate(packs)
    ]
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(hurt, 4.5)
    assert bench.seen[-1] not in (None, -1)


def test_gain_and_channels_are_those_of_the_source(clip: Make) -> None:
    form, packs = clip(frames=60)
    levels = []
    for whose in (SourceHeader("chamber"), SourceHeader("chamber", gain_db=-6.0)):
        bench = Bench()
        bench.deck.take(whose)
        bench.deck.take(form)
        bench.run(packs, 2.0)
        levels.append(max(left for left, _ in bench.peaks))
    assert levels[1] == pytest.approx(levels[0] / 2, rel=0.05)


def test_another_source_on_the_slot_shows_nothing_of_the_one_before(clip: Make) -> None:
    form, packs = clip()
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 3.0)
    before = bench.ring.word(GENERATION)
    bench.deck.take(SourceHeader("hall"))
    bench.run([], 0.5, source="hall")
    assert bench.ring.word(GENERATION) == before + 1
    assert bench.seen[-12:] == [None] * 12


def test_silence_and_a_still_picture_are_reported(clip: Make) -> None:
    form, packs = clip(numbers=[5] * 300, sound_seconds=0.1)
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    for _ in range(18):
        bench.run([pack for pack in packs if pack.arrival > bench.clock.monotonic() - NS], 0.5)
        looked = bench.deck.report(bench.clock.utc())
    assert looked is not None
    assert looked.frozen_since is not None
    assert looked.frozen_since < bench.clock.utc() - timedelta(seconds=4)


def test_a_deck_never_reads_far_ahead_of_its_time(clip: Make) -> None:
    form, packs = clip(frames=300)
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(replace(form, bursty=True))
    early = [replace(pack, arrival=EPOCH) for pack in packs]
    taken = 0
    while early and bench.deck.wants_more():
        bench.deck.take(early.pop(0))
        taken += 1
    assert taken < 130
    bench.run(early, 6.0)
    seen = [number for number in bench.seen if number is not None]
    assert seen == list(range(len(seen)))
    assert len(seen) > 150


def test_sound_that_never_comes_neither_stops_the_picture_nor_reads_without_end(clip: Make) -> None:
    form, packs = clip(frames=300)
    mute = [pack for pack in packs if form.tracks[pack.track].kind == "video"]
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(replace(form, bursty=True))
    early = [replace(pack, arrival=EPOCH) for pack in mute]
    taken = 0
    while early and bench.deck.wants_more():
        bench.deck.take(early.pop(0))
        taken += 1
    assert taken < 130
    bench.run(early, 4.0)
    seen = [number for number in bench.seen if number is not None]
    assert seen == list(range(len(seen)))
    assert len(seen) > 90


@pytest.mark.parametrize("known", [True, False])
def test_a_source_that_goes_from_4_3_to_16_9_is_shown_at_full_width(
    clip: Make, known: bool
) -> None:
    """The gateway may announce it as a new stretch, or only the pictures show it."""
    shape = {"codec": "mpeg2video", "size": (320, 240), "frames": 90}
    form, packs = clip(**shape)
    other, more = clip(**shape, sar=Fraction(4, 3))
    assert form.tracks == other.tracks
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 2.5)
    assert bench.left_edge() < 20
    shift = 0 if known else round(3 * 90000)
    moved = [replace(p, pts=(p.pts or 0) + shift, dts=p.dts + shift) for p in later(more, 3.0)]
    if known:
        bench.run([], 0.5)
        bench.deck.take(replace(other, epoch=2))
        bench.run(moved, 2.5)
    else:
        bench.run([*packs[-30:], *moved], 3.0)
    assert bench.seen[-1] is not None
    assert bench.left_edge() > 60


@pytest.mark.parametrize("codec", ["libx265", "mpeg2video"])
def test_the_picture_of_another_codec_is_there_within_a_second(clip: Make, codec: str) -> None:
    form, packs = clip(frames=120)
    other, more = clip(frames=120, codec=codec, ident=6)
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 4.0)
    bench.deck.take(replace(other, epoch=2))
    bench.run(later(more, 4.0), 3.5)
    seen = bench.seen[round(5 * HOUSE.rate) :]
    assert None not in seen
    assert bench.idents[-1] == 6
    first = bench.idents.index(6)
    assert bench.seen[first] == 0
    assert first / HOUSE.rate < 5.0


@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_sound_survives_a_change_of_channels_or_rate_within_a_stretch(
    clip: Make, layout: str
) -> None:
    form, packs = clip(frames=60, audio=Sound("mp2"), codec="mpeg2video")
    _, more = clip(
        frames=90, audio=Sound("mp2", rate=32000, layout=layout), codec="mpeg2video", ident=2
    )
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    shift = 60 * 3003
    moved = [replace(p, pts=(p.pts or 0) + shift, dts=p.dts + shift) for p in later(more, 2.002)]
    bench.run([*packs, *moved], 4.5)
    assert None not in bench.seen[40:130]
    assert max(left for left, _ in bench.peaks[-40:]) > 8000


@pytest.mark.parametrize(
    "recipe",
    [{}, {"codec": "mpeg2video"}, {"codec": "mpeg2video", "interlaced": True, "size": (720, 480)}],
)
def test_captions_inside_the_pictures_of_a_source_come_out_in_order_of_display(
    tmp_path: Path, recipe: dict[str, object]
) -> None:
    plain = tmp_path / "plain.ts"
    numbered_clip(plain, **{"frames": 150, "size": (320, 180), "ident": 4} | recipe)
    pairs = {number: bytes((0xFC, 0x41, 0x20 + number % 90)) for number in range(10, 140)}
    form, packs = packs_of(caption_clip(plain, tmp_path / "captioned.ts", pairs))
    bench = Bench()
    bench.deck.take(SourceHeader("chamber"))
    bench.deck.take(form)
    bench.run(packs, 6.5)

    assert b"".join(bench.said) == b"".join(pairs.values())
