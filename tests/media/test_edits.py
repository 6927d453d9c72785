"""Edit lists: trimmed parts never air, and encoder padding is no cut."""

from dataclasses import replace

import pytest
from support.capture import read_bursts, read_ts
from support.capture_analysis import runs, sound_offsets
from support.clips import NTSC, Sound, numbered_clip
from support.rewrapped import replace_edit_lists, shift_tracks

from media.edits import Edit, TrackEdits, cuts
from media.ingest import prepare
from media.probe import ConfinedProber

AT_45, AT_50 = float(45 / NTSC), float(50 / NTSC)
WHOLE = float(150 / NTSC)


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    path = tmp_path_factory.mktemp("master") / "master.mp4"
    return numbered_clip(path, frames=150, ident=4, between=2).path


def airs(path, folder):
    """Return the run of pictures that air of a file, and its facts."""
    folder.mkdir()
    ready = prepare(path, path.name, folder, ConfinedProber())
    (run,) = runs(read_ts(ready.on_air.path))
    return run, ready


@pytest.mark.parametrize("at", [45, 50], ids=["between key frames", "at a key frame"])
def test_a_trimmed_front_does_not_air(master, tmp_path, at):
    begin = float(at / NTSC)
    lines = [(WHOLE - begin, begin)]
    path = replace_edit_lists(master, tmp_path / "trimmed.mp4", {"vide": lines, "soun": lines})
    run, ready = airs(path, tmp_path / "air")
    assert run.frames == list(range(at, 150))
    assert ready.facts.length.total_seconds() == pytest.approx(WHOLE - begin, abs=0.002)
    assert ready.facts.house_reasons == ("it was trimmed without being re-encoded",)
    assert max(map(abs, sound_offsets(run, read_bursts(ready.on_air.path), NTSC))) < 0.04


def test_a_trimmed_end_does_not_air(master, tmp_path):
    lines = [(2.002, 0.0)]
    path = replace_edit_lists(master, tmp_path / "trimmed.mp4", {"vide": lines, "soun": lines})
    run, ready = airs(path, tmp_path / "air")
    assert run.frames == list(range(60)) and ready.copy is not None


def test_pieces_air_in_the_order_of_the_list(master, tmp_path):
    lines = [(1.001, 0.0), (1.001, float(90 / NTSC))]
    path = replace_edit_lists(master, tmp_path / "pieces.mp4", {"vide": lines, "soun": lines})
    run, ready = airs(path, tmp_path / "air")
    assert run.frames == [*range(30), *range(90, 120)] and ready.copy is not None


def test_a_list_of_the_picture_alone_is_obeyed_and_so_is_one_of_the_sound_alone(master, tmp_path):
    lines = [(WHOLE - AT_45, AT_45)]
    picture = replace_edit_lists(master, tmp_path / "picture.mp4", {"vide": lines})
    run, ready = airs(picture, tmp_path / "air")
    assert run.frames[:105] == list(range(45, 150)) and ready.copy is not None
    sound = replace_edit_lists(master, tmp_path / "sound.mp4", {"soun": lines})
    run, ready = airs(sound, tmp_path / "air2")
    assert run.frames == list(range(150)) and ready.copy is not None
    assert read_bursts(ready.on_air.path)[0].pts == pytest.approx(2 - AT_45, abs=0.03)


@pytest.mark.parametrize("audio", [Sound(), Sound(rate=44100), Sound("mp2"), None])
@pytest.mark.parametrize("between", [0, 3])
def test_encoder_padding_is_no_cut(tmp_path, audio, between):
    clip = numbered_clip(tmp_path / "a.mp4", frames=60, audio=audio, between=between)
    facts = ConfinedProber().probe(clip.path)
    assert not cuts(clip.path, [1, 2]) and not facts.trimmed


def test_a_pause_before_a_track_is_no_cut(master, tmp_path):
    path = shift_tracks(master, tmp_path / "late.mp4", sound=0.3)
    assert path.read_bytes().count(b"elst") == 2 and not cuts(path, [1, 2])


PLAIN = TrackEdits(b"vide", 100.0, 30000.0, 0.1, (Edit(100.0, 0.1),))


@pytest.mark.parametrize(
    ("change", "cut"),
    [
        ({}, False),
        ({"edits": ()}, False),
        ({"edits": (Edit(0.0, 0.1),)}, False),
        ({"edits": (Edit(0.5, None), Edit(100.0, 0.1))}, False),
        ({"edits": (Edit(100.0, 0.1), Edit(0.5, None))}, True),
        ({"edits": (Edit(99.0, 1.1),)}, True),
        ({"edits": (Edit(98.0, 0.1),)}, True),
        ({"edits": (Edit(50.0, 0.1), Edit(50.0, 50.1))}, True),
        ({"kind": b"soun", "rate": 8000.0, "early": 0.0, "edits": (Edit(99.2, 0.5),)}, False),
        ({"kind": b"soun", "rate": 48000.0, "early": 0.0, "edits": (Edit(99.2, 0.5),)}, True),
    ],
)
def test_edit_lists_are_read_as_they_were_meant(change, cut):
    assert replace(PLAIN, **change).cuts == cut


def test_boxes_that_make_no_sense_are_left_to_libav(master, tmp_path):
    data = bytearray(master.read_bytes())
    at = data.index(b"mdhd")
    data[at : at + 4] = b"xxxx"
    (tmp_path / "odd.mp4").write_bytes(data)
    assert not cuts(tmp_path / "odd.mp4", [1, 2])
