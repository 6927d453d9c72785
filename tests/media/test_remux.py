"""A rewrapped stream: the same pictures and sound, at the same times, with an index."""

from fractions import Fraction
from hashlib import sha256

import av
import numpy as np
import pytest
from support.capture import read_bursts, read_ts
from support.capture_analysis import runs, sound_offsets
from support.clips import NTSC, Sound, numbered_clip
from support.rewrapped import concatenate, shift_tracks

from media.join import join
from media.probe import ConfinedProber, ProbeError, probe
from media.remux import RemuxError, _verify, _Writer, remux

KINDS = {
    "h264.ts": {"between": 3},
    "hevc.ts": {"codec": "libx265"},
    "fields.ts": {"interlaced": True, "size": (720, 480), "sar": Fraction(8, 9)},
    "mpeg2.ts": {"codec": "mpeg2video", "between": 2, "audio": Sound("mp2")},
    "woven.ts": {
        "codec": "mpeg2video", "interlaced": True, "size": (720, 480), "sar": Fraction(8, 9),
        "between": 2, "audio": Sound("ac3"),
    },
    "mpeg2.mpg": {"codec": "mpeg2video", "between": 2, "audio": Sound("mp2")},
    "silent.ts": {"audio": None},
    "cd.ts": {"audio": Sound(rate=44100)},
}  # fmt: skip


def told(share):
    assert 0 <= share <= 1


def pictures(path):
    """Decode every picture: its time from the first, its hash, whether it is interlaced."""
    with av.open(str(path)) as source:
        source.streams.video[0].codec_context.thread_count = 1
        found = [
            (frame.pts * frame.time_base, sha256(frame.to_ndarray()).digest(), frame)
            for frame in source.decode(video=0)
        ]
    return [(round(float(at - found[0][0]), 3), one, f.interlaced_frame) for at, one, f in found]


def packets(path, kind):
    with av.open(str(path)) as source:
        stream = source.streams.get(**{kind: 0})[0]
        return [bytes(packet) for packet in source.demux(stream) if packet.size]


@pytest.mark.parametrize("name", KINDS)
def test_every_picture_is_the_same_at_the_same_time(tmp_path, name):
    clip = numbered_clip(tmp_path / name, frames=90, ident=4, **KINDS[name])
    to = tmp_path / "indexed.mp4"
    seconds = remux([[clip.path]], to, told)
    assert pictures(to) == pictures(clip.path)
    assert abs(seconds - 90 * 1001 / 30000) < 0.002
    before, after = probe(clip.path), probe(to)
    for fact in ("width", "height", "interlaced", "rate", "video_codec", "channels"):
        assert getattr(before, fact) == getattr(after, fact), fact
    assert (after.container, after.suffix) == ("mp4", ".mp4")


@pytest.mark.parametrize("name", ["mpeg2.ts", "woven.ts", "mpeg2.mpg"])
def test_its_sound_is_the_same_to_the_bit_and_in_step(tmp_path, name):
    clip = numbered_clip(tmp_path / name, frames=120, ident=4, **KINDS[name])
    to = tmp_path / "indexed.mp4"
    remux([[clip.path]], to, told)
    before, after = packets(clip.path, "audio"), packets(to, "audio")
    assert after == before[len(before) - len(after) :] and len(before) - len(after) <= 2
    (run,) = runs(read_ts(to))
    assert max(map(abs, sound_offsets(run, read_bursts(to), NTSC)[1:])) < 0.01


def pieces_of(path, seconds, folder, again=False):
    """Cut a stream at key frames, as a gateway does; with `again` each piece counts from zero."""
    made, out, lanes, begin = [], None, {}, Fraction(0)
    with av.open(str(path)) as source:
        for packet in source.demux():
            if packet.dts is None:
                continue
            at = packet.pts * packet.time_base
            video = packet.stream.type == "video"
            if out is None or (video and packet.is_keyframe and at - begin >= seconds):
                if out is not None:
                    out.close()
                made.append(folder / f"piece{len(made)}.ts")
                out = av.open(str(made[-1]), "w", format="mpegts")
                lanes = {s.index: out.add_stream_from_template(s) for s in source.streams}
                begin = at
            if again:
                back = int((begin - 1) / packet.time_base)
                packet.pts, packet.dts = packet.pts - back, packet.dts - back
            packet.stream = lanes[packet.stream.index]
            out.mux(packet)
    out.close()
    return made


@pytest.mark.parametrize("again", [False, True], ids=["one clock", "a clock for each"])
def test_pieces_become_one_file_without_a_seam(tmp_path, again):
    clip = numbered_clip(tmp_path / "a.ts", frames=240, ident=4, between=2)
    pieces = pieces_of(clip.path, 2, tmp_path, again)
    assert len(pieces) > 2
    to = tmp_path / "indexed.mp4"
    seconds = remux([pieces], to, told)
    (run,) = runs(read_ts(to))
    assert run.frames == list(range(240))
    assert abs(seconds - 240 * 1001 / 30000) < 0.06
    times = [at for at, *_ in pictures(to)]
    assert max(np.diff(times)) < 0.067
    assert max(map(abs, sound_offsets(run, read_bursts(to), NTSC))) < 0.04


def test_a_stream_cut_off_at_its_front_begins_with_a_whole_picture(tmp_path):
    clip = numbered_clip(tmp_path / "a.ts", frames=150, ident=4, between=2)
    whole = clip.path.read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole[len(whole) // 4 // 188 * 188 :])
    to = tmp_path / "indexed.mp4"
    remux([[cut]], to, told)
    (run,) = runs(read_ts(to))
    assert run.frames == list(range(run.frames[0], 150)) and run.frames[0] in (45, 90)
    assert pictures(to)[0][0] == 0
    assert max(map(abs, sound_offsets(run, read_bursts(to), NTSC))) < 0.01


def overlapping(folder):
    """Make one stream of two encodes of 150 pictures; the second begins four before the first
    ends."""
    one = numbered_clip(folder / "one.ts", frames=150, ident=4, between=3)
    two = numbered_clip(folder / "two.ts", ident=4, between=3, numbers=range(150, 300))
    later = float(146 / NTSC)
    two = shift_tracks(two.path, folder / "later.ts", picture=later, sound=later)
    return concatenate([one.path, two], folder / "both.ts")


def test_every_picture_of_two_encodes_that_overlap_is_in_the_copy(tmp_path):
    both, to = overlapping(tmp_path), tmp_path / "indexed.mp4"
    seconds = remux([[both]], to, told)
    (run,) = runs(read_ts(to))
    assert run.frames == list(range(300))
    assert abs(seconds - 300 * 1001 / 30000) < 0.002
    assert [one for _, one, _ in pictures(to)] == [one for _, one, _ in pictures(both)]
    assert max(map(abs, sound_offsets(run, read_bursts(to), NTSC)[:4])) < 0.04


def test_a_recording_whose_stretches_look_ahead_differently_keeps_every_picture(tmp_path):
    one = numbered_clip(tmp_path / "one.ts", frames=60, ident=4)
    two = numbered_clip(tmp_path / "two.ts", ident=4, between=3, numbers=range(60, 120))
    _, joined = join([[one.path], [two.path]], tmp_path / "to.mp4", told)
    (run,) = runs(read_ts(tmp_path / "to.mp4"))
    assert run.frames == list(range(120)) and not joined.encoded


def test_a_recording_whose_sound_changes_its_layout_is_joined_when_it_has_to_be_coded(tmp_path):
    stereo = numbered_clip(tmp_path / "a.ts", frames=60, ident=4, audio=Sound("ac3"))
    mono = numbered_clip(
        tmp_path / "b.ts", ident=4, audio=Sound("ac3", layout="mono"), numbers=range(60, 120)
    )
    later = shift_tracks(mono.path, tmp_path / "c.ts", picture=2.002, sound=2.002)
    changing = concatenate([stereo.path, later], tmp_path / "d.ts")
    other = numbered_clip(
        tmp_path / "e.ts", ident=4, audio=Sound("mp2"), numbers=range(120, 180), size=(320, 180)
    )
    _, joined = join([[changing], [other.path]], tmp_path / "to.mp4", told)
    (run,) = runs(read_ts(tmp_path / "to.mp4"))
    assert joined.encoded and run.frames == list(range(180))
    assert len(read_bursts(tmp_path / "to.mp4")) == 6


def test_a_packet_read_but_not_written_is_noticed(tmp_path):
    one = numbered_clip(tmp_path / "a.ts", frames=60, ident=1, audio=None)
    same = numbered_clip(tmp_path / "b.mp4", frames=60, ident=1, audio=None)
    writer = _Writer(tmp_path / "to.mp4")
    with writer:
        list(writer.take(one.path))
    writer.lanes["video"].read += 1
    with pytest.raises(RemuxError, match="60 of 61 video"):
        _verify(same.path, writer)


def test_pieces_coded_differently_are_refused(tmp_path):
    one = numbered_clip(tmp_path / "a.ts", frames=30)
    two = numbered_clip(tmp_path / "b.ts", frames=30, size=(320, 180))
    with pytest.raises(RemuxError, match="coding changes"):
        remux([[one.path, two.path]], tmp_path / "to.mp4", told)


def test_sound_an_mp4_cannot_hold_is_refused(tmp_path):
    clip = numbered_clip(tmp_path / "disc.m2ts", frames=30, audio=Sound("pcm_bluray"))
    with pytest.raises(ProbeError):
        ConfinedProber().remux(clip.path, tmp_path / "to.mp4")


def test_a_copy_that_is_not_the_same_is_noticed(tmp_path):
    one = numbered_clip(tmp_path / "a.ts", frames=60, ident=1, audio=None)
    other = numbered_clip(tmp_path / "b.mp4", frames=60, ident=2, audio=None)
    short = numbered_clip(tmp_path / "c.mp4", frames=59, ident=1, audio=None)
    writer = _Writer(tmp_path / "to.mp4")
    with writer:
        list(writer.take(one.path))
    with pytest.raises(RemuxError, match="first picture"):
        _verify(other.path, writer)
    with pytest.raises(RemuxError, match="59 of 60 video"):
        _verify(short.path, writer)


def test_a_file_that_is_no_stream_is_refused_in_the_confined_child(tmp_path):
    junk = tmp_path / "a.ts"
    junk.write_bytes(b"\x00\x01" * 5000)
    with pytest.raises(ProbeError, match="cannot be rewrapped: a.ts is no stream"):
        ConfinedProber().remux(junk, tmp_path / "to.mp4")
