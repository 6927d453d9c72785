"""Loudness of what aired: the standard's tones, gates, days, restarts, and whose sound it was."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import numpy as np
import pytest
from support.measured_sound import fill, hops, tone

from config.names import SAMPLE_RATE
from media.loudness import LoudnessMeter
from playout.engine.format.ticks import sound_before
from playout.engine.links.ring import Sound
from playout.engine.loudness.book import LoudnessBook, read_kept_day
from playout.engine.loudness.meter import FLOOR_LKFS, HOP_SAMPLES, lkfs
from playout.engine.loudness.tally import LoudnessTally
from playout.engine.loudness.watch import LoudnessWatch
from playout.host.loudness import MeasuredCues, read_days

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
RATE = Fraction(30000, 1001)


def tallied(*sounds: Sound) -> LoudnessTally:
    tally = LoudnessTally()
    for hop in hops(*sounds):
        tally.add(hop)
    return tally


def test_loudness_of_the_reference_tone_is_what_the_standard_says() -> None:
    """One channel at full scale reads -3.01 LKFS; two read 3 dB more."""
    one_side = tone(0.0, 1.0)
    one_side[:, 1] = 0
    assert lkfs(hops(one_side)[-1].power) == pytest.approx(-3.01, abs=0.02)
    assert tallied(tone(-23.0, 5.0)).integrated() == pytest.approx(-23.0, abs=0.05)


@pytest.mark.parametrize(
    ("parts", "is_said"),
    [
        ([(-36.0, 4), (-23.0, 20), (-36.0, 4)], -23.0),
        ([(-72.0, 4), (-36.0, 4), (-23.0, 20), (-36.0, 4), (-72.0, 4)], -23.0),
        ([(-26.0, 10), (-20.0, 10.05), (-26.0, 10)], -23.0),
    ],
)
def test_gates_are_those_of_the_conformance_tones(
    parts: Sequence[tuple[float, float]], is_said: float
) -> None:
    """Cases 3, 4 and 5 of EBU Tech 3341, in a third of the time: within 0.1 LU."""
    sounds = [tone(level, seconds, 1000.0) for level, seconds in parts]
    assert tallied(*sounds).integrated() == pytest.approx(is_said, abs=0.1)


@pytest.mark.parametrize("hertz", [60.0, 440.0, 4000.0, 12000.0])
def test_the_monitor_and_the_meter_of_ingest_agree_on_loudness(hertz: float) -> None:
    """Two ways to the same BS.1770: numpy for endless sound here, libav's filter for files."""
    sound, meter = tone(-20.0, 3.0, hertz), LoudnessMeter()
    for begin in range(0, len(sound), HOP_SAMPLES):
        part = np.ascontiguousarray(sound[begin : begin + HOP_SAMPLES]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, "s16", "stereo")
        frame.sample_rate, frame.time_base = SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
        meter.hear(frame)

    assert tallied(sound).integrated() == pytest.approx(meter.integrated(), abs=0.1)


def test_length_of_a_tick_leaves_no_trace_in_a_measurement() -> None:
    sound = tone(-12.0, 2.0, 440.0)
    whole = hops(sound)
    edges = [sound_before(RATE, tick) for tick in range(61)]
    by_tick = hops(*(sound[a:b] for a, b in zip(edges, edges[1:], strict=False)))
    assert [hop.power for hop in by_tick] == pytest.approx([hop.power for hop in whole])
    assert [hop.true_peak for hop in by_tick] == [hop.true_peak for hop in whole]


def test_peak_between_two_samples_is_the_true_peak() -> None:
    at = np.arange(SAMPLE_RATE) * np.pi / 2 + np.pi / 4
    wave = (np.repeat(np.sin(at)[:, None], 2, axis=1) * 16384).round().astype(np.int16)
    found = hops(wave)[-1]
    assert 20 * np.log10(found.left) == pytest.approx(-9.03, abs=0.05)
    assert 20 * np.log10(found.true_peak) == pytest.approx(-6.02, abs=0.2)


def test_silence_has_no_loudness_and_does_not_lower_that_of_the_rest() -> None:
    assert tallied(np.zeros((SAMPLE_RATE, 2), dtype=np.int16)).integrated() is None
    assert lkfs(0.0) == FLOOR_LKFS
    mixed = tallied(tone(-23.0, 10.0), np.zeros((5 * SAMPLE_RATE, 2), dtype=np.int16))
    assert mixed.integrated() == pytest.approx(-23.0, abs=0.2)


def test_two_halves_make_the_whole_and_survive_a_file() -> None:
    loud, soft = tallied(tone(-20.0, 20.1)), tallied(tone(-26.0, 40.0))
    kept = LoudnessTally.from_dict(loud.to_dict())
    kept.merge(soft)
    assert kept.integrated() == pytest.approx(-23.0, abs=0.1)
    assert kept.seconds == pytest.approx(60.1)
    assert 20 * np.log10(kept.true_peak) == pytest.approx(-20.0, abs=0.05)


@pytest.mark.parametrize(
    "kept",
    [{}, {"hops": 1, "true_peak": 1, "classes": {"x": [1, 1]}},
     {"hops": 1, "true_peak": 1, "classes": {"9999": [1, 1.0]}},
     {"hops": 1, "true_peak": 1, "classes": {"0": [1]}}],
)  # fmt: skip
def test_a_damaged_tally_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        LoudnessTally.from_dict(kept)


def test_a_day_tells_its_loudness_its_loudest_hour_and_its_highest_peak(tmp_path: Path) -> None:
    book = LoudnessBook(tmp_path, ZONE)
    fill(book, NOON, -26.0, 20.1)
    fill(book, NOON + timedelta(hours=1), -20.0, 20.1)
    book.save()
    (day,) = read_days(tmp_path)
    assert (str(day.day), day.seconds, day.lkfs) == ("2026-03-02", 40.2, -22.0)
    assert day.loudest_hour == datetime(2026, 3, 2, 18, tzinfo=UTC)
    assert (day.loudest_lkfs, day.true_peak) == (-20.0, -20.0)


def test_a_new_monitor_continues_the_day_of_the_one_before(tmp_path: Path) -> None:
    first = LoudnessBook(tmp_path, ZONE)
    fill(first, NOON, -20.0, 10.0)
    first.name("a", NOON, NOON + timedelta(seconds=10))
    first.save()
    again = LoudnessBook(tmp_path, ZONE)
    fill(again, NOON + timedelta(minutes=1), -20.0, 10.0)
    again.name("a", NOON, NOON + timedelta(minutes=2))
    again.save()

    (day,) = read_days(tmp_path)
    assert (day.seconds, day.lkfs) == (20.0, -20.0)
    assert read_kept_day(tmp_path, day.day).all_cues() == {"a": (-20.0, -20.0, 20.0)}


def test_each_cue_has_the_loudness_of_its_own_sound(tmp_path: Path) -> None:
    """A cue that returns after another one is told as one."""
    book = LoudnessBook(tmp_path, ZONE)
    for number, (cue, level) in enumerate((("a", -20.0), ("b", -30.0), ("a", -20.0))):
        start = NOON + timedelta(seconds=10 * number)
        fill(book, start, level, 10.0)
        book.name(cue, start, start + timedelta(seconds=10))
    book.save()
    cues = read_kept_day(tmp_path, NOON.date()).all_cues()
    assert cues == {"a": (-20.0, -20.0, 20.0), "b": (-30.0, -30.0, 10.0)}


def test_the_agent_is_told_of_each_cue_that_is_over_and_again_when_it_comes_back(
    tmp_path: Path,
) -> None:
    told, seconds = MeasuredCues(tmp_path), timedelta(seconds=10)
    book = LoudnessBook(tmp_path, ZONE)
    for number, (cue, level) in enumerate((("a", -20.0), ("b", -30.0), ("c", -24.0))):
        start = NOON + number * seconds
        fill(book, start, level, 10.0)
        book.name(cue, start, start + seconds)
    book.save()
    first = told.news()
    book = LoudnessBook(tmp_path, ZONE)
    fill(book, NOON + 3 * seconds, -20.0, 10.0)
    book.name("a", NOON + 3 * seconds, NOON + 4 * seconds)
    book.name("d", NOON + 4 * seconds, NOON + 5 * seconds)
    fill(book, NOON + 4 * seconds, -20.0, 1.0)
    book.name("d", NOON + 4 * seconds, NOON + 5 * seconds)
    book.save()

    assert [(one.cue, one.lkfs, one.seconds) for one in first] == [
        ("a", -20.0, 10.0), ("b", -30.0, 10.0),
    ]  # fmt: skip
    assert first[0].at == NOON + seconds
    assert {one.cue: (one.lkfs, one.seconds) for one in told.news()} == {
        "a": (-20.0, 20.0), "b": (-30.0, 10.0), "c": (-24.0, 10.0),
    }  # fmt: skip
    assert told.news() == ()


def test_end_of_a_loud_cue_is_not_told_of_the_quiet_one_after_it(tmp_path: Path) -> None:
    """Seen on air: bulletins after a film had its highest peak, because a tenth of a second held
    both. Runs of one cue that follow one another lose nothing.
    """
    watch = LoudnessWatch(tmp_path, ZONE, lambda tick: NOON + timedelta(seconds=tick / 25))
    loud, quiet = tone(-6.0, 2.01), tone(-30.0, 3.0)
    sound = np.concatenate((loud, quiet))
    for tick in range(125):
        watch.hear(tick, sound[tick * 1920 : tick * 1920 + 1920])
    turn = NOON + timedelta(seconds=2.01)
    watch.book.name("film", NOON, NOON + timedelta(seconds=0.95))
    watch.book.name("film", NOON + timedelta(seconds=0.95), turn)
    watch.book.name("pages", turn, NOON + timedelta(seconds=5))
    watch.save(NOON)
    cues = read_kept_day(tmp_path, NOON.date()).all_cues()

    assert cues["film"] == (-6.0, -6.0, 2.0)
    assert cues["pages"][:2] == (-30.0, -30.0)


def test_days_part_at_midnight_of_the_machines_zone_and_old_ones_go(tmp_path: Path) -> None:
    book = LoudnessBook(tmp_path, ZONE)
    for day in range(50):
        fill(book, NOON + timedelta(days=day), -23.0, 0.4)
    midnight = datetime(2026, 4, 21, 4, tzinfo=UTC)
    fill(book, midnight - timedelta(seconds=1), -23.0, 2.0)
    book.save()
    told = [str(day.day) for day in read_days(tmp_path)]
    assert told[-2:] == ["2026-04-20", "2026-04-21"] and len(told) == 8
    assert len(list((tmp_path / "loudness").iterdir())) <= 41


@pytest.mark.parametrize("text", ["", "[]", "{", '{"hours": 1}', '{"hours": {}, "cues": [1]}'])
def test_a_damaged_file_of_the_day_begins_it_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "loudness").mkdir()
    (tmp_path / "loudness" / "2026-03-02.json").write_text(text)
    (tmp_path / "loudness.json").write_text(text)
    book = LoudnessBook(tmp_path, ZONE)
    fill(book, NOON, -20.0, 1.0)
    book.save()
    assert [day.lkfs for day in read_days(tmp_path)] == [-20.0]


def test_the_air_log_says_whose_sound_it_was(tmp_path: Path) -> None:
    """Damaged lines are skipped, and facts from before the monitor's start are not read."""
    log = tmp_path / "air.log"
    log.write_text(
        '{"cue": "old", "start": "2026-03-02T17:30:00Z", "end": "2027-01-01T00:00:00Z"}\n'
    )
    watch = LoudnessWatch(tmp_path, ZONE, lambda tick: NOON + timedelta(seconds=tick / 25))
    sound = tone(-20.0, 1.0)
    for tick in range(100):
        watch.hear(tick, sound[tick % 25 * 1920 : tick % 25 * 1920 + 1920])
    with log.open("a") as file:
        file.write("{broken\n[]\n")
        file.write('{"cue": "a", "start": "2026-03-02T17:30:00Z", "end": "2026-03-02T17:30:02Z"}\n')
        file.write(
            '{"cue": null, "start": "2026-03-02T17:30:02Z", "end": "2026-03-02T17:30:04Z"}\n'
        )
    watch.save(NOON)
    assert watch.momentary == pytest.approx(-20.0, abs=0.1)
    assert set(read_kept_day(tmp_path, NOON.date()).all_cues()) == {"a"}


def test_a_disk_that_refuses_loses_no_loudness_in_memory(tmp_path: Path) -> None:
    (tmp_path / "loudness.json").mkdir()
    book = LoudnessBook(tmp_path, ZONE)
    fill(book, NOON, -20.0, 2.0)
    book.save()
    assert read_days(tmp_path) == ()
    (tmp_path / "loudness.json").rmdir()
    book.save()
    assert [day.lkfs for day in read_days(tmp_path)] == [-20.0]
