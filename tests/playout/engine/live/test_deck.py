"""The timing of a live deck, over simulated sources, tick by tick."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from config.names import SAMPLE_RATE, HouseFormat
from media.captions.track import triplets_of
from playout.engine.format.sound import SampleTape
from playout.engine.format.ticks import NS, Ticks, sound_before
from playout.engine.links.ring import TAIL, Picture, Ring, Slot
from playout.engine.links.ring_shape import make_ring, ring_shape_for
from playout.engine.live.sound import SourceGain, SourceTape, map_channels, resampled
from playout.engine.live.source_clock import DEPTH, SourceClock
from playout.engine.live.sync import DecodedPicture, LiveSync, SyncCounts
from playout.model.source import SoundMap

HOUSE = HouseFormat.parse("64x36@30000/1001")
TONE = 997.0
WINDOW = 960
PULSE, LOUD = 96, 20_000
"""Samples of a pulse on each whole second of the source, and how loud it is: twice the tone."""


def paint(number: int) -> Callable[[Picture], None]:
    def draw(target: Picture) -> None:
        target[:4] = np.frombuffer(number.to_bytes(4, "little"), np.uint8)

    return draw


def number_of(slot: Slot) -> int:
    return int.from_bytes(bytes(slot.picture[:4]), "little")


class Bench:
    """A source of numbered pictures and a tone, whose clock is `ppm` too fast, and the bus.

    With `pulses` each second of the source begins with a pulse instead of the tone, together with
    that picture; its sound is `late` by so many seconds.
    """

    pulses, late = False, 0.0

    def __init__(self, ppm: float = 0.0, rate: Fraction = HOUSE.rate, jitter: float = 0.0) -> None:
        self.ring = Ring(make_ring("live", ring_shape_for(HOUSE, 1.2)))
        self.ticks = Ticks(HOUSE.rate, 1_000_000_000)
        self.counts = SyncCounts()
        self.clock = SourceClock(bursty=False)
        self.sync = LiveSync(self.ring, self.ticks, 1, clock=self.clock, counts=self.counts)
        self.factor, self.rate = 1 + ppm * 1e-6, rate
        self.random = np.random.default_rng(4)
        self.jitter = jitter
        self.sent = 0
        self.heard = 0
        self.muted: tuple[float, float] | None = None
        self.seen: list[tuple[int, int | None]] = []
        self.sound: list[np.ndarray] = []
        self.offsets: list[float] = []
        self.apart: list[float] = []
        """Seconds by which each pulse was heard after its picture was seen."""
        self.keep_sound = True
        self.captions: Callable[[int], bytes] = lambda number: b""
        """What each picture brings in captions."""
        self.said: list[bytes] = []

    def feed(self, now: int) -> None:
        """Feed whatever the source has sent by `now`."""
        gone = (now - 1_000_000_000) / NS * self.factor
        while self.sent / self.rate <= gone:
            at = round(self.sent / self.rate * NS)
            arrival = round(at / self.factor) + 1_000_000_000
            arrival += round(self.random.uniform(0, self.jitter) * NS)
            mute = self.muted and self.muted[0] <= at / NS < self.muted[1]
            until = round((self.sent + 1) / self.rate * SAMPLE_RATE)
            if not mute:
                self.clock.observe(at, arrival)
                self.sync.picture(DecodedPicture(at, paint(self.sent), self.captions(self.sent)))
                block = np.arange(self.heard, until)
                wave = (8000 * np.sin(2 * np.pi * TONE * block / SAMPLE_RATE)).astype(np.int16)
                if self.pulses:
                    wave[block % SAMPLE_RATE < PULSE] = LOUD
                where = round((self.heard / SAMPLE_RATE + self.late) * NS)
                self.sync.sound(np.repeat(wave[:, None], 2, axis=1), where)
            self.heard = until
            self.sent += 1

    def run(self, seconds: float, start: int = 0) -> None:
        """Feed, make and take, tick by tick."""
        for tick in range(start, start + round(seconds * HOUSE.rate)):
            now = self.ticks.due(tick)
            self.feed(now)
            self.sync.pump(now)
            self.take(tick)

    def take(self, tick: int) -> None:
        while self.ring.tail < self.ring.head:
            slot = self.ring.look(self.ring.tail)
            assert slot is not None
            if slot.frame > tick:
                break
            self.ring.put_word(TAIL, self.ring.tail + 1)
            if slot.frame == tick:
                self.note(tick, slot)
                return
        self.seen.append((tick, None))

    def note(self, tick: int, slot: Slot) -> None:
        number = number_of(slot)
        self.said.append(slot.captions)
        self.seen.append((tick, number))
        shown_at = (self.ticks.due(tick) - self.clock.base) / NS
        self.offsets.append(shown_at - float(number / self.rate))
        own = sound_before(HOUSE.rate, tick + 1) - sound_before(HOUSE.rate, tick)
        assert slot.samples == own + 2
        sound = slot.sound[1 : own + 1, 0]
        if self.keep_sound:
            self.sound.append(sound.copy())
        if self.pulses and sound.max() > LOUD * 0.75:
            self.hear(number, int(np.argmax(sound > LOUD * 0.75)))

    def hear(self, number: int, sample: int) -> None:
        """Note a pulse, or the rest of one that began on the tick before."""
        seconds = float(number / self.rate) + sample / SAMPLE_RATE
        if sample or abs(seconds - round(seconds)) < 0.02:
            self.apart.append(seconds - round(seconds))

    @property
    def numbers(self) -> list[int]:
        return [number for _, number in self.seen if number is not None]


def test_a_source_in_step_loses_and_repeats_nothing() -> None:
    bench = Bench()
    bench.run(20)
    assert bench.numbers == list(range(bench.numbers[0], bench.numbers[0] + len(bench.numbers)))
    assert (bench.counts.repeated, bench.counts.skipped, bench.counts.missed) == (0, 0, 0)
    assert bench.clock.steps == 0
    assert bench.seen[-1][1] is not None


def test_uneven_sending_is_not_followed_as_drift() -> None:
    bench = Bench(jitter=0.06)
    bench.keep_sound = False
    bench.run(240)
    assert (bench.counts.repeated, bench.counts.skipped, bench.counts.missed) == (0, 0, 0)
    assert bench.clock.steps == 0


def test_live_is_ready_soon_after_its_first_packet() -> None:
    bench = Bench()
    bench.run(3)
    first = next(tick for tick, number in bench.seen if number is not None)
    assert first / HOUSE.rate < DEPTH + 0.2


@pytest.mark.parametrize("ppm", [100.0, -100.0])
@pytest.mark.parametrize("minutes", [8, pytest.param(240, marks=pytest.mark.soak)])
def test_source_100_ppm_off_stays_in_step_for_hours(ppm: float, minutes: int) -> None:
    bench = Bench(ppm, jitter=0.02)
    bench.keep_sound, bench.pulses = False, True
    bench.run(minutes * 60)
    assert bench.clock.steps == 0
    assert bench.counts.missed == 0
    assert [tick for tick, number in bench.seen[60:] if number is None] == []
    moved, turned = bench.counts.skipped + bench.counts.repeated, 1e-4 * minutes * 60
    assert abs(moved - turned * HOUSE.rate) < 3 + 0.1 * turned * HOUSE.rate
    assert min(bench.counts.skipped, bench.counts.repeated) < 5
    assert max(abs(off) for off in bench.offsets[60:]) < 0.040
    assert bench.sync._sound.mended == 0
    assert len(bench.apart) >= minutes * 60 - 3
    assert max(map(abs, bench.apart)) < 0.040


def test_sound_away_from_its_picture_is_found() -> None:
    bench = Bench()
    bench.pulses, bench.late = True, 0.06
    bench.run(8)
    assert max(map(abs, bench.apart)) > 0.040


def test_sound_of_a_drifting_source_keeps_its_pitch_without_clicks() -> None:
    bench = Bench(100.0)
    bench.run(40)
    sound = np.concatenate(bench.sound[-600:]).astype(np.float64)
    at = np.arange(len(sound))
    turn = 2 * np.pi * TONE * at[:WINDOW] / SAMPLE_RATE
    basis = np.stack([np.sin(turn), np.cos(turn)]).T
    for begin in range(0, len(sound) - WINDOW, WINDOW // 2):
        piece = sound[begin : begin + WINDOW]
        fit = np.linalg.lstsq(basis, piece, rcond=None)[0]
        assert np.hypot(*fit) == pytest.approx(8000, rel=0.01)
        assert np.abs(piece - basis @ fit).max() < 20


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(60000, 1001), Fraction(24000, 1001)])
def test_another_rate_is_spread_evenly(rate: Fraction) -> None:
    bench = Bench(rate=rate)
    bench.run(10)
    numbers = bench.numbers[60:]
    steps = {b - a for a, b in zip(numbers, numbers[1:], strict=False)}
    whole = int(rate / HOUSE.rate)
    assert steps <= {whole, whole + 1} if rate.denominator == 1 or whole < 2 else steps == {2}
    assert abs(len(numbers) * rate / HOUSE.rate - (numbers[-1] - numbers[0])) < 3


def test_signal_lost_for_five_seconds_comes_back_in_place_without_a_step() -> None:
    bench = Bench()
    bench.muted = (6.0, 11.0)
    bench.run(20)
    gone = [tick / HOUSE.rate for tick, number in bench.seen if number is None and tick > 60]
    assert 6.5 < min(gone) < 7.2
    assert 11.0 < max(gone) < 11.8
    back = [number for tick, number in bench.seen if number is not None and tick > 400]
    assert back == list(range(back[0], back[0] + len(back)))


def test_packets_later_than_allowed_for_deepen_the_buffer_once() -> None:
    bench = Bench(jitter=0.7)
    bench.run(30)
    before = len([1 for _, number in bench.seen if number is None])
    bench.run(30, start=round(30 * HOUSE.rate))
    assert bench.clock.steps >= 1
    assert len([1 for _, number in bench.seen if number is None]) - before < 10


def test_deck_that_was_away_resumes_at_the_present() -> None:
    bench = Bench()
    bench.run(5)
    later = round(5 * HOUSE.rate) + 90
    bench.run(5, start=later)
    assert bench.counts.missed > 0
    tick, number = bench.seen[-1]
    assert number is not None
    assert abs(tick - number - (bench.seen[100][0] - bench.seen[100][1])) <= 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("how", "left", "right"),
    [(SoundMap.STEREO, 10, 20), (SoundMap.LEFT, 10, 10), (SoundMap.RIGHT, 20, 20)],
)
def test_channels_are_mapped(how: SoundMap, left: int, right: int) -> None:
    block = np.tile(np.array([[10, 20]], dtype=np.int16), (5, 1))
    assert map_channels(block, how).tolist() == [[left, right]] * 5


def test_mono_mixes_both_sides() -> None:
    block = np.array([[30000, 30000], [100, 300]], dtype=np.int16)
    assert map_channels(block, SoundMap.MONO).tolist() == [[30000, 30000], [200, 200]]


def test_the_limiter_may_be_left_out() -> None:
    block = np.full((480, 2), 20000, dtype=np.int16)
    assert SourceGain(6.0, limiter=False).apply(block).max() == 32767
    assert SourceGain(6.0, limiter=True).apply(block).max() < 32767 * 0.9
    assert SourceGain(-6.0, limiter=False).apply(block).max() == pytest.approx(10024, abs=2)


def test_block_far_off_the_tape_end_is_put_in_its_place() -> None:
    tape = SourceTape()
    tape.lay(np.ones((480, 2), dtype=np.int16), 1000)
    tape.lay(np.full((480, 2), 2, dtype=np.int16), 1480 + 2400)
    tape.lay(np.full((480, 2), 3, dtype=np.int16), 4360 + 100)
    assert tape.mended == 1
    heard = tape.tape.cut(1000, 3840)[:, 0].tolist()
    assert heard == [1] * 480 + [0] * 2400 + [2] * 480 + [3] * 480


def test_reading_between_samples_is_exact_on_samples() -> None:
    tape = SampleTape()
    tape.start_at(0)
    noise = np.random.default_rng(1).integers(-9000, 9000, (4800, 2)).astype(np.int16)
    tape.put(noise)
    same = resampled(tape, np.arange(1000.0, 1100.0))
    assert np.array_equal(same, noise[1000:1100])


def letters(number: int) -> bytes:
    """A pair of each field for a picture: no two pictures have the same within four minutes."""
    word = bytes((0x20 + number // 96 % 96, 0x20 + number % 96))
    return b"\xfc" + word + b"\xfd" + word


def every_other(number: int) -> bytes:
    """The pairs of a source at 59.94, whose fields take turns."""
    return letters(number)[3 * (number % 2) :][:3]


@pytest.mark.parametrize(
    ("rate", "brought", "ppm"),
    [
        (HOUSE.rate, letters, 0.0), (HOUSE.rate, letters, 2000.0), (HOUSE.rate, letters, -2000.0),
        (Fraction(60000, 1001), every_other, 900.0), (Fraction(25), letters, 900.0),
        (Fraction(24000, 1001), letters, -900.0), (Fraction(30), letters, 0.0),
    ],
)  # fmt: skip
def test_captions_of_a_live_come_out_once_and_in_order_while_pictures_are_skipped_and_repeated(
    rate: Fraction, brought: Callable[[int], bytes], ppm: float
) -> None:
    bench = Bench(ppm=ppm, rate=rate, jitter=0.02)
    bench.keep_sound, bench.captions = False, brought
    bench.run(40)
    said = list(triplets_of(b"".join(bench.said)))

    for field in (0xFC, 0xFD):
        sent = (brought(number) for number in range(bench.sent))
        wanted = [one for piece in sent for one in triplets_of(piece) if one[0] == field]
        heard = [one for one in said if one[0] == field]
        assert heard == wanted[: len(heard)]
        assert len(heard) > len(wanted) - 45
    assert max(len(piece) // 3 for piece in bench.said) <= 2


def test_a_command_and_its_double_stay_together_when_a_picture_is_repeated_between_them() -> None:
    bench = Bench(rate=Fraction(20))
    bench.keep_sound = False
    bench.captions = lambda number: b"\xfc\x94\xad" if number % 4 < 2 else b"\xfc\x80\x80"
    bench.run(60)
    places = [place for place, piece in enumerate(bench.said) if piece]

    assert len(places) > 500
    assert all(b - a == 1 for a, b in zip(places[::2], places[1::2], strict=False))


def test_captions_in_a_lump_are_spread_over_ticks() -> None:
    bench = Bench()
    bench.keep_sound = False
    bench.captions = lambda number: b"".join(
        letters(number + n) for n in range(15 * (not number % 15))
    )
    bench.run(20)
    said = [one for one in triplets_of(b"".join(bench.said)) if one[0] == 0xFC]

    assert said == [letters(number)[:3] for number in range(len(said))]
    assert len(said) > 500
