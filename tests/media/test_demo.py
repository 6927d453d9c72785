"""The demo city's clips: real media of the right length, with motion, sound and target loudness."""

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest

from config.names import SAMPLE_RATE, HouseFormat
from media.demo import make, make_demo_media, sound
from media.demo.stage import DemoStage, disc, text_sprite
from media.probe import ConfinedProber, probe
from media.slides.draw import bulletin

SMALL = HouseFormat.parse("320x180@30000/1001")


@pytest.fixture(scope="module")
def short():
    """The plans of one clip of each kind, a few seconds each."""
    by_name = {plan.name: plan for plan in make.PLANS}
    return [
        replace(by_name["committee"], seconds=6, sound=lambda: sound.council(6, 3.0, 2)),
        replace(by_name["parks"], seconds=4, sound=lambda: sound.music(4, 3)),
        replace(by_name["call311"], seconds=4, sound=lambda: sound.music(4, 7)),
        replace(by_name["ident"], seconds=4, sound=lambda: sound.music(4, 8)),
    ]


def test_clips_have_their_length_move_and_have_the_target_loudness(tmp_path, short, monkeypatch):
    monkeypatch.setattr(make, "PLANS", short)
    heard = []
    made = make_demo_media(tmp_path, SMALL, progress=heard.append)
    assert heard[-1] == pytest.approx(1.0) and heard == sorted(heard)
    for clip in made:
        facts = ConfinedProber().measure(clip.path, probe(clip.path))
        assert facts.length.total_seconds() == pytest.approx(clip.seconds, abs=0.05)
        assert facts.loudness == pytest.approx(-24, abs=2) and abs(facts.gain_db) <= 2
        assert facts.problems == () and not facts.house_reasons
        with av.open(str(clip.path)) as source:
            pictures = [frame.to_ndarray()[:180].astype(int) for frame in source.decode(video=0)]
        moved = [np.abs(a - b).max() > 8 for a, b in zip(pictures, pictures[15:], strict=False)]
        assert np.mean(moved) > 0.9, clip.title


def test_a_clip_that_is_there_is_kept(tmp_path, short, monkeypatch):
    monkeypatch.setattr(make, "PLANS", short[3:])
    (first,) = make_demo_media(tmp_path, SMALL)
    made = first.path.stat().st_mtime_ns
    assert make_demo_media(tmp_path, SMALL) == [first]
    assert first.path.stat().st_mtime_ns == made
    assert [path.name for path in tmp_path.iterdir()] == ["ident.mp4"]


def test_the_city_has_something_of_every_length_and_kind():
    assert {plan.seconds for plan in make.PLANS} == {15, 30, 60, 120, 300}
    assert {plan.kind for plan in make.PLANS} == {"meeting", "program", "psa", "ident"}
    assert len({plan.name for plan in make.PLANS}) == len(make.PLANS)


@pytest.mark.parametrize(
    ("house", "drawn"),
    [
        ("640x360@30000/1001", (640, 360, Fraction(30000, 1001))),
        ("1280x720@60000/1001", (960, 540, Fraction(30000, 1001))),
        ("1920x1080@25", (960, 540, Fraction(25))),
        ("320x180@50", (320, 180, Fraction(25))),
    ],
)
def test_pictures_are_drawn_no_larger_or_faster_than_a_small_machine_can(house, drawn):
    assert make.picture_format(HouseFormat.parse(house)) == drawn


def test_speech_has_pauses_and_music_ends_softly():
    speech = sound.murmur(sound.VOICES[0], 8, 1)
    level = np.abs(speech[: len(speech) // 2400 * 2400]).reshape(-1, 2400).max(axis=1)
    assert 0.05 < (level < level.max() / 50).mean() < 0.6
    tune = sound.music(5, 1)
    assert np.abs(tune[-100:]).max() < 0.02 < np.abs(tune).max()
    assert len(tune) == 5 * SAMPLE_RATE


def test_the_stage_shows_what_is_laid_and_forgets_it():
    stage = DemoStage(bulletin("", "", "plain", 320, 180))
    empty = stage.frame.copy()
    stage.lay(disc(20, (255, 255, 255)), 100, 60)
    assert stage.frame[80, 120] > 220
    stage.lay(text_sprite("edge", 30, (255, 255, 255)), -20, 170)
    stage.lay(disc(20, (255, 0, 0)), 310, -20)
    stage.lay(disc(20, (255, 0, 0)), 900, 900)
    stage.clear()
    assert np.array_equal(stage.frame, empty)
