"""Captions inside media files, found without decoding, at the times of the file that airs."""

from dataclasses import replace
from datetime import timedelta

import av
import pytest
from support.captioned import DEFINE_SHOWN, by_slot, caption_clip, dtvcc
from support.clips import numbered_clip
from support.rewrapped import shift_tracks

from media.caption_files import load_track
from media.captioning import embedded as module
from media.captioning.embedded import embedded
from media.captions.cue import laid_out
from media.captions.encode import encode, time_of
from media.captions.facts import CaptionOrigin, readable
from media.captions.scc import write_scc
from media.captions.spread import spread
from media.captions.track import FIELD_1, CaptionTrack
from media.captions.user_data import in_mpeg2
from media.fake import A_FILE
from media.headers import family_of
from media.ingest import ingest
from media.probe import ConfinedProber
from media.store import MediaStore

SECOND = 1_000_000
WORDS = ("The meeting will come", "to order.", "Roll call, please.")
FACTS = replace(A_FILE, length=timedelta(seconds=6.006), captions=True)


@pytest.fixture(scope="module")
def track() -> CaptionTrack:
    """Three captions in six seconds."""
    return encode(
        cue
        for place, words in enumerate(WORDS)
        for cue in laid_out(
            int((1.5 + 1.5 * place) * SECOND), int((2.7 + 1.5 * place) * SECOND), [words]
        )
    )


def clip(folder, name, track, **recipe):
    """A file of six seconds with the track in its pictures."""
    recipe = {"frames": 180, "size": (320, 180)} | recipe
    return caption_clip(
        numbered_clip(folder / f"plain-{name}", **recipe).path, folder / name, by_slot(track)
    )


def read(path, facts=FACTS):
    return embedded(path, family_of(path, path.name), facts, lambda share: None)


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("a.mp4", {"between": 2}),
        ("a.mkv", {}),
        ("b.mp4", {"codec": "libx265"}),
        ("c.mov", {"codec": "mpeg2video", "between": 2}),
        ("d.mov", {"codec": "mpeg2video", "interlaced": True}),
        ("e.mp4", {"interlaced": True, "between": 2}),
    ],
)
def test_every_triplet_is_found_at_its_picture(tmp_path, track, name, recipe):
    path = clip(tmp_path, name, track, **recipe)
    prober = ConfinedProber()
    facts = prober.measure(path, prober.probe(path))
    read_track, found = read(path, facts)

    assert [p.triplets for p in read_track] == [p.triplets for p in track]
    assert all(
        abs(one.microseconds - other.microseconds) < 2000
        for one, other in zip(read_track, track, strict=True)
    )
    assert (found.origin, found.services, found.count) == (
        CaptionOrigin.EMBEDDED_608,
        ("CC1",),
        len(WORDS),
    )


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_ingest_keeps_the_captions_of_a_stream(tmp_path, track, codec):
    path = clip(tmp_path, "stream.ts", track, codec=codec, between=2)
    store = MediaStore(tmp_path / "store")
    done = ingest(path, path.name, store, ConfinedProber())
    cues = readable(load_track(store, done.captions.key), FACTS.length)

    assert [cue.text for cue in cues] == list(WORDS)
    assert abs(cues[0].begin - 1.5 * SECOND) < 34_000


def test_captions_of_a_file_whose_clock_begins_late_are_timed_as_its_house_copy(tmp_path, track):
    path = shift_tracks(clip(tmp_path, "a.mp4", track), tmp_path / "late.mkv", picture=5, sound=5)
    store = MediaStore(tmp_path / "store")
    done = ingest(path, path.name, store, ConfinedProber())
    cues = readable(load_track(store, done.captions.key), FACTS.length)

    assert done.house_copy is not None
    assert [cue.text for cue in cues] == list(WORDS)
    assert abs(cues[0].begin - 1.5 * SECOND) < 34_000


def test_a_file_without_captions_has_none(tmp_path):
    path = numbered_clip(tmp_path / "plain.mp4", frames=30, size=(320, 180)).path

    assert read(path, replace(FACTS, captions=False)) is None


def test_pictures_full_of_nulls_are_no_captions(tmp_path, track):
    nulls = dict.fromkeys(range(30), b"\xfc\x80\x80\xfd\x80\x80")
    plain = numbered_clip(tmp_path / "plain.mp4", frames=30, size=(320, 180)).path

    assert read(caption_clip(plain, tmp_path / "nulls.mp4", nulls)) is None


def test_708_is_kept_in_its_order_beside_608(tmp_path, track):
    window = dtvcc(1, DEFINE_SHOWN + b"Hello", sequence=1)
    pictures = {number: pair + window for number, pair in by_slot(track).items()}
    plain = numbered_clip(tmp_path / "plain.mp4", frames=180, size=(320, 180)).path
    read_track, found = read(caption_clip(plain, tmp_path / "both.mp4", pictures))

    assert [p.triplets for p in read_track] == list(pictures.values())
    assert (found.origin, found.services) == (CaptionOrigin.EMBEDDED_608, ("CC1", "708"))


def test_708_alone_is_read(tmp_path):
    pictures = {3: dtvcc(1, DEFINE_SHOWN + b"Hello, council.")}
    plain = numbered_clip(tmp_path / "plain.mp4", frames=30, size=(320, 180)).path
    read_track, found = read(caption_clip(plain, tmp_path / "708.mp4", pictures))

    assert [p.triplets for p in read_track] == list(pictures.values())
    assert (found.origin, found.services) == (CaptionOrigin.EMBEDDED_708, ("708",))
    assert [cue.text for cue in readable(read_track, FACTS.length)] == ["Hello, council."]


def test_708_that_says_nothing_is_no_captions(tmp_path):
    plain = numbered_clip(tmp_path / "plain.mp4", frames=30, size=(320, 180)).path

    assert read(caption_clip(plain, tmp_path / "708.mp4", {3: dtvcc(1, b"")})) is None


def test_captions_of_a_coding_not_read_from_packets_are_decoded(tmp_path, track, monkeypatch):
    path = clip(tmp_path, "a.mp4", track, between=2)
    monkeypatch.setattr(module, "_parser", lambda picture: None)
    read_track, found = read(path)

    assert [p.triplets for p in read_track] == [p.triplets for p in track]
    assert found.count == len(WORDS)


def test_a_608_track_of_quicktime_is_spread_over_its_pictures(tmp_path, track):
    plain = numbered_clip(tmp_path / "plain.mov", frames=180, size=(320, 180)).path
    (tmp_path / "own.scc").write_text(write_scc(track))
    path = tmp_path / "track.mov"
    with (
        av.open(str(plain)) as source,
        av.open(str(tmp_path / "own.scc")) as captions,
        av.open(str(path), "w") as out,
    ):
        inputs = [source.streams.video[0], captions.streams[0]]
        outputs = [out.add_stream_from_template(stream) for stream in inputs]
        packets = [
            (p, o)
            for f, o in zip((source, captions), outputs, strict=True)
            for p in f.demux(inputs[outputs.index(o)])
            if p.dts is not None
        ]
        for packet, stream in sorted(packets, key=lambda one: one[0].dts * one[0].time_base):
            packet.stream, packet.duration = stream, packet.duration or 100
            out.mux(packet)
    read_track, found = read(path)

    assert (found.origin, found.count) == (CaptionOrigin.TRACK_608, len(WORDS))
    assert [p.triplets for p in read_track] == [p.triplets for p in track]


def test_user_data_of_a_dvd_is_spread_over_its_group():
    pairs = b"\xff\x94\x20\xfe\x80\x80\xff\x94\x20\xfe\x80\x80\xff\x94\xae\xfe\x80\x80\xff\xc8\xe9"
    group = b"\x00\x00\x01\xb8\x00\x08\x00\x00\x00\x00\x01\xb2CC\x01\xf8\x8f" + pairs + b"\x00"
    spread_out = spread([(time_of(15), in_mpeg2(group))])

    assert [round(p.microseconds * 30000 / 1001e6) for p in spread_out] == [15, 16, 17, 18]
    assert [p.triplets[1:].hex() for p in spread_out] == ["9420", "9420", "94ae", "c8e9"]


def test_pairs_never_overtake_those_of_a_lump_before_them():
    lump = bytes((FIELD_1, 0x94, 0x20)) * 5
    spread_out = spread([(0, lump), (time_of(2), bytes((FIELD_1, 0x94, 0x2F)))])

    assert [p.triplets[2] for p in spread_out] == [0x20] * 5 + [0x2F]


def test_captions_before_the_first_picture_are_left_out():
    assert len(spread([(-1, b"\xfc\x94\x20"), (0, b"\xfc\x94\x20")])) == 1


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\x00",
        b"\x00\x00\x01",
        b"\x00\x00\x01\xb2",
        b"\x00\x00\x01\xb2GA94\x03",
        b"\xff" * 64,
        b"\x00\x00\x01\xb2GA94\x03\x5f",
        b"\x00\x00\x01\xb2CC\x01\xf8",
        b"\x00\x00\x01\x06\x04\xff",
    ],
)
def test_cut_off_user_data_says_nothing(bad):
    from media.captions.user_data import in_h264, in_hevc

    assert (in_mpeg2(bad), in_h264(bad, 0), in_h264(bad, 4), in_hevc(bad, 2)) == (b"",) * 4
