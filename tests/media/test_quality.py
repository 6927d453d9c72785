"""Facts that only reading a whole file gives: loudness, damage, black, rate, speed."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import av
import numpy as np
import pytest
from support.clips import NTSC, Sound, numbered_clip, phone_times
from support.rewrapped import shift_tracks

from media import quality
from media.asset import verdict
from media.headers import family_of
from media.loudness import LoudnessMeter
from media.probe import ConfinedProber, probe
from media.quality import measure, steady_rate


def measured(path):
    return ConfinedProber().measure(path, probe(path))


def texts(facts):
    return " ".join(problem.text for problem in facts.problems)


def tone(level_db, seconds=4, rate=48000, hz=997):
    at = np.arange(seconds * rate) / rate
    wave = (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * at)).astype(np.float32)
    return np.stack([wave, wave])


def heard(sound, rate=48000):
    meter = LoudnessMeter()
    for begin in range(0, sound.shape[1], 1024):
        piece = np.ascontiguousarray(sound[:, begin : begin + 1024])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        meter.hear(frame)
    return meter


@pytest.mark.parametrize("level", [-23.0, -33.0, -3.0])
def test_a_tone_has_the_loudness_the_standard_gives_it(level):
    """A stereo 997 Hz sine at full scale is 0 LKFS by BS.1770's own calibration."""
    assert heard(tone(level)).integrated() == pytest.approx(level, abs=0.2)


def test_silence_has_no_loudness_and_is_noted_where_it_is():
    assert heard(tone(-120)).integrated() is None
    (quiet,) = heard(np.concatenate([tone(-20), tone(-120), tone(-20)], axis=1)).silent
    assert quiet.begin == pytest.approx(4, abs=0.6) and quiet.end == pytest.approx(8, abs=0.6)


def test_a_measured_file_has_length_gain_and_speed(clips):
    facts = measured(clips["h264_720.mp4"].path)
    assert abs(facts.length.total_seconds() - 60 * 1001 / 30000) < 0.002
    assert facts.gain_db == pytest.approx(max(-12.0, -24 - facts.loudness), abs=0.11)
    assert facts.decode_speed > 2 and not facts.variable_rate
    assert facts.problems == ()


def test_a_silent_sound_track_is_a_warning(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=60, sound_delay=60)
    assert "silent throughout" in texts(measured(clip.path))


def test_black_is_noted_where_it_is(tmp_path):
    dark = range(30, 100)
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=150, dark=dark)
    assert "The picture is black from 0:00:01 to 0:00:03." in texts(measured(clip.path))
    clip = numbered_clip(tmp_path / "b.mp4", size=(320, 180), frames=60, dark=range(60))
    assert "black throughout" in texts(measured(clip.path))


def test_damage_in_the_middle_is_a_warning_with_a_place(tmp_path):
    clip = numbered_clip(
        tmp_path / "a.ts", frames=240, audio=Sound("mp2"), codec="mpeg2video", bit_rate=2_000_000
    )
    data = bytearray(clip.path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = np.random.default_rng(3).bytes(4000)
    clip.path.write_bytes(data)
    facts = measured(clip.path)
    assert verdict(facts).fit
    assert "damaged, the first at 0:0" in texts(facts)


def test_sound_that_ends_early_is_a_warning(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=150, sound_seconds=2)
    assert "sound ends before the picture" in texts(measured(clip.path))


@pytest.mark.parametrize("rate", [NTSC, Fraction(25), Fraction(60000, 1001)])
@pytest.mark.parametrize("tick", [1 / 90000, 0.001])
def test_a_constant_rate_is_constant_in_any_time_base(rate, tick):
    times = [round(n / float(rate) / tick) * tick for n in range(400)]
    found, constant = steady_rate(times)
    assert constant and float(found) == pytest.approx(float(rate), rel=1e-4)


def test_unsteady_rates_are_found():
    assert not steady_rate([float(at) for at in phone_times(300)])[1]
    assert not steady_rate([n / 30 for n in range(200)] + [7 + n / 15 for n in range(200)])[1]
    assert not steady_rate([n / 30 for n in range(300) if n % 20 != 7])[1]


def test_a_phone_video_is_of_variable_rate_and_asks_for_a_copy(phone):
    facts = measured(phone.path)
    assert facts.variable_rate and facts.house_reasons == ("its frame rate varies",)


def test_a_long_file_is_decoded_in_part_but_heard_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(quality, "WHOLE_UP_TO", 5.0)
    monkeypatch.setattr(quality, "SAMPLE_EVERY", 4.0)
    monkeypatch.setattr(quality, "SAMPLE_SECONDS", 1.0)
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=360)
    decoded = []
    look = quality._look
    monkeypatch.setattr(quality, "_look", lambda *given: (decoded.append(1), look(*given)))
    facts = measure(clip.path, family_of(clip.path, "a.mp4"), probe(clip.path), lambda share: None)
    assert 30 < len(decoded) < 200
    assert abs(facts.length - timedelta(seconds=360 * 1001 / 30000)) < timedelta(seconds=0.01)
    assert verdict(facts).fit and facts.loudness is not None


def test_slow_files_ask_for_a_copy(clips):
    facts = replace(measured(clips["film.mp4"].path), decode_speed=1.4)
    assert facts.house_reasons == ("it is too slow to decode",)


@pytest.mark.parametrize(("name", "later"), [("late.mkv", 30), ("late.mp4", 30)])
def test_a_file_whose_clock_begins_late_is_whole(tmp_path, name, later):
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=240)
    facts = measured(shift_tracks(clip.path, tmp_path / name, picture=later, sound=later))
    assert verdict(facts).fit and facts.begin.total_seconds() == pytest.approx(later, abs=0.1)
    assert facts.length.total_seconds() == pytest.approx(240 * 1001 / 30000, abs=0.002)
    assert facts.house_reasons == ("its clock does not begin at zero",)


def test_a_late_file_that_was_cut_off_is_still_found_short(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", size=(320, 180), frames=240)
    path = shift_tracks(clip.path, tmp_path / "late.mkv", picture=30, sound=30)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "the copy was probably cut off" in verdict(measured(path)).summary


@pytest.mark.parametrize(
    ("apart", "reasons"), [(100, ()), (2000, ("its key frames are 25 seconds apart",))]
)
def test_key_frames_far_apart_ask_for_a_copy(tmp_path, apart, reasons):
    clip = numbered_clip(
        tmp_path / "a.mp4", size=(160, 96), frames=620, rate=Fraction(25), key_every=apart
    )
    assert measured(clip.path).house_reasons == reasons


def test_slow_pictures_ask_for_a_copy(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", size=(160, 96), frames=10, rate=Fraction(1))
    facts = measured(clip.path)
    assert facts.house_reasons == ("its frame rate is too low",)
    assert facts.length.total_seconds() == pytest.approx(10, abs=0.05)
