"""The house copy: constant rate, upright, standard range, the same length, and in step."""

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image
from support.capture import read_bursts, read_ts
from support.capture_analysis import runs, sound_offsets
from support.clips import NTSC, Sound, numbered_clip
from support.colours import (
    RED_601,
    RED_601_FULL,
    RED_709,
    Flat,
    colours_of,
    flat_clip,
    is_near,
)
from support.rewrapped import concatenate, shift_tracks

from media.asset import verdict
from media.house import house_rate
from media.probe import ConfinedProber, probe
from media.reshape import house_size
from media.tonemap import hlg_light, pq_light, rolled_off

PROBER = ConfinedProber()


def copied(path, folder):
    facts = PROBER.measure(path, probe(path))
    to = folder / ("copy.png" if facts.still else "copy.mp4")
    PROBER.house_copy(path, facts, to)
    return facts, PROBER.measure(to, probe(to)), to


def test_a_phone_video_becomes_steady_and_stays_in_step(phone, tmp_path):
    facts, copy, to = copied(phone.path, tmp_path)
    assert facts.variable_rate and not copy.variable_rate and not copy.house_reasons
    assert copy.rate == house_rate(facts.rate)
    assert abs((copy.length - facts.length).total_seconds()) < 0.1
    shown = [one for one in read_ts(to) if one.frame is not None]
    when = {one.frame: one.pts for one in read_ts(phone.path)}
    late = [one.pts - when[one.frame] for one in shown]
    assert min(late) > -0.034 and max(late) < 0.21
    bursts = read_bursts(to)
    assert [round(burst.pts, 2) for burst in bursts] == pytest.approx(
        [0, 1, 2, 3][: len(bursts)], abs=0.02
    )


def test_a_constant_clip_keeps_every_frame_and_its_sound(clips, tmp_path):
    clip = clips["film.mp4"]
    _, copy, to = copied(clip.path, tmp_path)
    (run,) = runs(read_ts(to))
    assert copy.rate == Fraction(24000, 1001)
    assert run.frames == list(range(clip.frames))
    assert max(map(abs, sound_offsets(run, read_bursts(to), clip.rate))) < 0.02


def test_a_picture_lying_on_its_side_is_set_upright(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", size=(360, 640), frames=40, ident=5)
    turned = tmp_path / "turned.mp4"
    with av.open(str(clip.path)) as source, av.open(str(turned), "w") as out:
        lanes = {s.index: out.add_stream_from_template(s) for s in source.streams}
        out.streams.video[0].set_display_rotation(90)
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = lanes[packet.stream.index]
                out.mux(packet)
    facts, copy, to = copied(turned, tmp_path)
    assert (facts.width, facts.height) == (640, 360) == (copy.width, copy.height)
    assert facts.rotation in (90, 270) and copy.rotation == 0
    with av.open(str(to)) as source:
        luma = next(source.decode(video=0)).to_ndarray(format="gray")
    with av.open(str(clip.path)) as source:
        upright = next(source.decode(video=0)).to_ndarray(format="gray")
    expected = np.rot90(upright, 1 if facts.rotation == 270 else 3)
    assert np.abs(luma.astype(int) - expected).mean() < 6


def test_a_4k_picture_becomes_1080(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", size=(3840, 2160), frames=6, audio=None)
    facts, copy, _ = copied(clip.path, tmp_path)
    assert facts.house_reasons == ("its picture is larger than 1920 by 1080",)
    assert (copy.width, copy.height) == (1920, 1080)


def test_high_dynamic_range_becomes_ordinary(tmp_path):
    path = tmp_path / "hdr.mp4"
    tags = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=none:pools=none"
    with av.open(str(path), "w") as out:
        stream = out.add_stream(
            "libx265", rate=25, options={"x265-params": tags, "preset": "ultrafast"}
        )
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p10le"
        white = round(64 + 876 * 0.58)
        for number in range(30):
            frame = av.VideoFrame(320, 180, "yuv420p10le")
            for plane, value in zip(frame.planes, (white, 512, 512), strict=True):
                plane.update(np.full(plane.buffer_size // 2, value, np.uint16).tobytes())
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    facts, copy, to = copied(path, tmp_path)
    assert facts.hdr == "pq" and not copy.hdr
    assert not list(tmp_path.glob("*.cube"))
    with av.open(str(to)) as source:
        luma = next(source.decode(video=0)).to_ndarray()[:180].mean()
    assert 190 < luma < 236


def test_the_curves_of_high_dynamic_range_meet_their_standards():
    assert pq_light(np.array([0.5806]))[0] == pytest.approx(1.0, rel=0.01)
    assert pq_light(np.array([1.0]))[0] == pytest.approx(10000 / 203, rel=0.01)
    assert hlg_light(np.full((1, 3), 0.75))[0, 0] == pytest.approx(1.0, rel=0.02)
    light = np.array([[0.2, 0.2, 0.2], [5.0, 5.0, 5.0], [1.0, 0.1, 0.1]])
    bent = rolled_off(light)
    assert np.allclose(bent[0], light[0]) and bent.max() <= 1.0
    assert bent[2, 1] / bent[2, 0] == pytest.approx(0.1)


@pytest.mark.parametrize(
    "flat",
    [
        Flat(RED_601, tag=6),
        Flat(RED_601),
        Flat(RED_709, (1280, 720)),
        Flat(RED_709, tag=1),
        Flat(RED_601_FULL, (1280, 720), tag=5, pixels="yuvj420p"),
    ],
)
def test_a_copy_has_and_names_the_colours_of_the_house_format(flat, tmp_path):
    path = flat_clip(tmp_path / "a.mp4", flat)
    _, _, to = copied(path, tmp_path)
    seen, named = colours_of(to)

    assert len(seen) == 30
    assert [colour for colour in seen if not is_near(colour, RED_709)] == []
    assert named == (1, 1, 1)


def test_a_still_becomes_a_plain_picture_that_fits(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGBA", (4000, 1000), (250, 0, 0, 128)).save(path)
    facts, copy, to = copied(path, tmp_path)
    assert facts.still and (copy.width, copy.height) == (1920, 480)
    assert Image.open(to).getpixel((5, 5)) == (125, 0, 0)


def in_step(to):
    """Check that a copy is in step with its sound; return the pictures it shows."""
    (run,) = runs(read_ts(to))
    assert max(map(abs, sound_offsets(run, read_bursts(to), NTSC))) < 0.04
    return run.frames


@pytest.mark.parametrize(
    ("name", "sound"), [("disc.m2ts", Sound("pcm_bluray")), ("late.mkv", Sound())]
)
def test_a_copy_begins_with_the_file_whatever_its_clock_says(tmp_path, name, sound):
    clip = numbered_clip(tmp_path / f"zero-{name}", frames=90, ident=4, audio=sound)
    late = shift_tracks(clip.path, tmp_path / name, picture=20, sound=20)
    facts, copy, to = copied(late, tmp_path)
    assert facts.begin.total_seconds() >= 20
    assert copy.length.total_seconds() == pytest.approx(90 / NTSC, abs=0.001)
    assert in_step(to) == list(range(90))


def test_the_picture_is_held_while_the_sound_goes_on(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", frames=60, ident=4, sound_seconds=5)
    facts, copy, to = copied(clip.path, tmp_path)
    (run,) = runs(read_ts(to))
    assert "picture freezes" in facts.house_reasons[0] and not copy.house_reasons
    assert facts.problems[0].text.startswith("The picture freezes for 3 s at its start or end")
    assert run.frames == [*range(60), *[59] * 90]
    assert [round(burst.pts) for burst in read_bursts(to)] == [0, 1, 2, 3, 4]


def test_a_single_picture_is_held_as_long_as_its_sound(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", frames=1, ident=4, sound_seconds=20)
    facts, copy, _ = copied(clip.path, tmp_path)
    assert facts.length.total_seconds() == pytest.approx(20, abs=0.05)
    assert copy.length.total_seconds() == pytest.approx(20, abs=0.05)


def test_a_film_whose_picture_begins_after_its_sound_is_whole_and_in_step(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", frames=240, ident=4)
    late = shift_tracks(clip.path, tmp_path / "late.mp4", picture=2.002)
    facts, copy, to = copied(late, tmp_path)
    (run,) = runs(read_ts(to))
    assert verdict(facts).fit and copy.length == facts.length
    assert run.frames == [*[0] * 60, *range(240)]
    assert [round(burst.pts) for burst in read_bursts(to)] == list(range(8))


@pytest.mark.parametrize("sound", [Sound(), None], ids=["with sound", "silent"])
def test_the_last_slide_is_held_for_its_duration(tmp_path, sound):
    """Three slides at 0, 7 and 14 seconds; the last one lasts six."""
    times = [Fraction(at) for at in (0, 7, 14)]
    clip = numbered_clip(
        tmp_path / "a.mp4", times=times, frames=3, ident=4, audio=sound, sound_seconds=20
    )
    slides = shift_tracks(clip.path, tmp_path / "slides.mp4", lasts=6)
    facts, copy, to = copied(slides, tmp_path)
    shown = [one.frame for one in read_ts(to)]
    assert copy.length.total_seconds() == pytest.approx(20, abs=0.05)
    assert facts.length.total_seconds() == pytest.approx(20, abs=0.05)
    assert [shown.count(number) for number in range(3)] == pytest.approx([168, 168, 144], abs=2)


def test_sound_that_changes_its_layout_rate_and_format_goes_on_in_step(tmp_path):
    kinds = [Sound("ac3"), Sound("ac3", layout="mono"), Sound("ac3", rate=44100)]
    parts, begin = [], 0.0
    for number, sound in enumerate(kinds):
        clip = numbered_clip(
            tmp_path / f"{number}.ts", ident=4, audio=sound, rate=Fraction(30), frames=60,
            numbers=range(60 * number, 60 * number + 60),
        )  # fmt: skip
        parts.append(
            shift_tracks(clip.path, tmp_path / f"late{number}.ts", picture=begin, sound=begin)
        )
        begin += 2
    facts, _, to = copied(concatenate(parts, tmp_path / "a.ts"), tmp_path)
    assert facts.length.total_seconds() == pytest.approx(6, abs=0.05)
    assert [burst.pts for burst in read_bursts(to)] == pytest.approx(range(6), abs=0.04)


def test_a_picture_that_changes_its_size_is_copied_to_the_end(tmp_path):
    one = numbered_clip(tmp_path / "1.ts", ident=4, frames=60, audio=None)
    two = numbered_clip(
        tmp_path / "2.ts", ident=4, size=(1280, 720), numbers=range(60, 120), audio=None
    )
    two = shift_tracks(two.path, tmp_path / "late.ts", picture=float(60 / NTSC))
    _, _, to = copied(concatenate([one.path, two], tmp_path / "a.ts"), tmp_path)
    (run,) = runs(read_ts(to))
    assert run.frames == list(range(120))


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        (Fraction("29.4"), Fraction(30000, 1001)),
        (Fraction(24), Fraction(24000, 1001)),
        (Fraction("25.2"), Fraction(25)),
        (Fraction(120), Fraction(60000, 1001)),
        (None, Fraction(30000, 1001)),
    ],
)
def test_the_nearest_house_rate_is_taken(given, rate):
    assert house_rate(given) == rate


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (608, 1080)),
        ((641, 359), (640, 360)),
        ((1, 1), (2, 2)),
    ],
)
def test_the_shape_is_kept_and_the_size_even(given, size):
    assert house_size(*given) == size
