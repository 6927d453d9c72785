"""The prober: right facts of good files, and a sentence about each bad one."""

import os
import socket
import struct
import threading
from datetime import timedelta
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image
from support.clips import FILM, NTSC, numbered_clip

from media.asset import verdict
from media.formats import FormatError, recognise
from media.probe import ConfinedProber, ProbeError, probe

EXPECTED = {
    "h264_720.mp4": ("h264", 1280, 720, NTSC, "aac", 2),
    "h264_1080.mp4": ("h264", 1920, 1080, NTSC, "aac", 2),
    "h264_360_25.mp4": ("h264", 640, 360, Fraction(25), "aac", 2),
    "hevc_720.mkv": ("hevc", 1280, 720, NTSC, "aac", 2),
    "mpeg2_480i.ts": ("mpeg2video", 640, 480, NTSC, "mp2", 2),
    "film.mp4": ("h264", 640, 360, FILM, "aac", 2),
    "double.mp4": ("h264", 640, 360, Fraction(60000, 1001), "aac", 2),
    "portrait.mp4": ("h264", 720, 1280, NTSC, "aac", 2),
    "mono.mp4": ("h264", 640, 360, NTSC, "aac", 1),
    "cd_sound.mp4": ("h264", 640, 360, NTSC, "aac", 2),
    "no_sound.mp4": ("h264", 640, 360, NTSC, "", 0),
    "sound_only.m4a": ("", 0, 0, None, "aac", 2),
    "still.png": ("png", 1280, 720, None, "", 0),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_facts_of_a_good_file_are_right(clips, name):
    clip = clips[name]
    facts = probe(clip.path)
    found = (facts.video_codec, facts.width, facts.height, facts.rate, facts.audio_codec)
    assert (*found, facts.channels) == EXPECTED[name]
    assert abs(facts.length - timedelta(seconds=float(clip.seconds))) < timedelta(seconds=0.1)
    assert facts.interlaced == (name == "mpeg2_480i.ts")
    assert (facts.has_picture, facts.has_sound) == (clip.has_picture, clip.has_sound)
    assert verdict(facts).fit and not facts.house_reasons


MPD = b"""<?xml version="1.0"?><MPD type="static"><Period><AdaptationSet>
<Representation><BaseURL>http://127.0.0.1:%d/secret</BaseURL></Representation>
</AdaptationSet></Period></MPD>"""
HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:%d/secret.ts\n"


def free_door():
    door = socket.create_server(("127.0.0.1", 0))
    door.settimeout(0.2)
    return door, door.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.mp4", b"", "empty"),
        ("a.mp4", HLS % 9, "playlist that points elsewhere"),
        ("a.ts", b"\xef\xbb\xbf" + HLS % 9, "playlist that points elsewhere"),
        ("a.mp4", MPD % 9, "manifest that points elsewhere"),
        ("a.mkv", b"<html><body>Not found</body></html>", "web page"),
        ("a.mp4", b"Dear council,\nplease find attached", "text file"),
        ("logo.svg", b'<?xml version="1.0"?><svg width="9">', "SVG drawing. Export it as a PNG"),
        ("a.mp4", b"[playlist]\nFile1=/etc/passwd\n", "playlist"),
        ("a.mp4", b"\x00\x01\x02\x03" * 99, "can't read this file"),
        ("agenda.pdf", b"%PDF-1.4\nhello", "PDF document. Export the page as a PNG"),
        ("slides.pptx", b"PK\x03\x04" + bytes(99), "document or an archive"),
        ("a.gif", b"GIF89a" + bytes(99), "Save it as PNG, or as an MP4"),
        ("a.bmp", b"BM" + bytes(99), "BMP picture"),
        ("a.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(9), "WebP picture"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + bytes(99), "phone picture"),
        ("a.mp4", b"\x7fELF" + bytes(400), "can't read this file"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "damaged"),
        ("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(10), "damaged|neither"),
        ("a.ts", b"\x47" + bytes(187), "can't read this file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_false_file_is_refused_in_words(tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ProbeError, match=sentence):
        probe(path)


def test_a_manifest_hidden_behind_an_innocent_head_opens_no_connection(tmp_path):
    door, port = free_door()
    with door:
        for head in (b"\x47" + bytes(187), b"RIFF\x00\x00\x00\x00AVI ", b"\x00\x00\x00\x08ftyp"):
            path = tmp_path / "a.ts"
            path.write_bytes(head * 6 + HLS % port + MPD % port)
            for name in ("a.ts", "a.avi", "a.mp4"):
                with pytest.raises(ProbeError):
                    ConfinedProber().probe(path, name=name)
        with pytest.raises(TimeoutError):
            door.accept()


def test_a_name_that_contradicts_the_content_is_refused(clips):
    with pytest.raises(ProbeError, match="ends in .mp4, but the file is an MPEG transport stream"):
        ConfinedProber().probe(clips["mpeg2_480i.ts"].path, name="council.mp4")
    with pytest.raises(ProbeError, match="has no extension"):
        ConfinedProber().probe(clips["film.mp4"].path, name="council")


def test_a_pipe_or_device_is_refused_without_waiting(tmp_path):
    fifo = tmp_path / "a.mp4"
    os.mkfifo(fifo)
    (tmp_path / "b.mp4").mkdir()
    (tmp_path / "c.mp4").symlink_to("/etc/passwd")
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(ProbeError, match="a folder, a pipe or a device"):
            probe(tmp_path / name)
    with pytest.raises(ProbeError, match="a link to another file. Copy the file itself"):
        probe(tmp_path / "c.mp4")
    with pytest.raises(ProbeError, match="not there"):
        probe(tmp_path / "d.mp4")


def test_an_mp4_that_was_never_finished_says_so(tmp_path, clips):
    whole = clips["film.mp4"].path.read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    with pytest.raises(ProbeError, match="no index"):
        probe(path)


def test_an_mp4_cut_off_behind_its_index_says_how_much_is_there(tmp_path):
    clip = numbered_clip(tmp_path / "a.mp4", frames=120, faststart=True)
    whole = clip.path.read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")
    clip.path.write_bytes(whole[: len(whole) * 7 // 10])
    with pytest.raises(ProbeError, match="Only (69|70) % of the file is here"):
        probe(clip.path)


@pytest.mark.parametrize("share", [0.6, 0.97])
def test_a_fragmented_mp4_that_was_cut_off_gives_no_false_share(tmp_path, share):
    plain = numbered_clip(tmp_path / "a.mp4", frames=300)
    whole = tmp_path / "fragments.mp4"
    with av.open(str(plain.path)) as source:
        fragments = {"movflags": "frag_keyframe+empty_moov"}
        with av.open(str(whole), "w", options=fragments) as out:
            tracks = {s.index: out.add_stream_from_template(s) for s in source.streams}
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = tracks[packet.stream.index]
                    out.mux(packet)
    data = whole.read_bytes()
    assert verdict(probe(whole)).fit and data.count(b"moof") > 3
    whole.write_bytes(data[: round(len(data) * share)])
    with pytest.raises(ProbeError, match="^Only part of the file is here; the copy was cut off"):
        probe(whole)


def test_a_cut_matroska_is_found_short_when_it_is_read(tmp_path, clips):
    whole = clips["hevc_720.mkv"].path.read_bytes()
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole[: len(whole) // 4])
    facts = ConfinedProber().measure(path, probe(path))
    judged = verdict(facts)
    assert not judged.fit and "the copy was probably cut off" in judged.summary


def test_a_picture_of_enormous_size_is_refused(tmp_path):
    path = tmp_path / "bomb.png"
    Image.new("1", (12000, 12000)).save(path)
    with pytest.raises(ProbeError, match="60 megapixels"):
        probe(path)


def test_codecs_that_are_not_taken_are_named(tmp_path):
    path = tmp_path / "old.avi"
    numbered_clip(path, codec="cinepak", size=(160, 96), frames=5, audio=None, pixels="rgb24")
    facts = probe(path)
    assert "coded as cinepak; export it as H.264" in verdict(facts).summary


def test_progress_is_heard_while_a_file_is_read(clips):
    heard = []
    path = clips["h264_720.mp4"].path
    ConfinedProber().measure(path, probe(path), progress=heard.append)
    assert heard == sorted(heard) and len(heard) > 5 and heard[-1] <= 1.0


def test_two_files_can_be_probed_at_once(clips):
    found = {}
    names = ["film.mp4", "double.mp4", "mono.mp4"]

    def look(name):
        found[name] = probe(clips[name].path).rate

    threads = [threading.Thread(target=look, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[name] for name in names] == [EXPECTED[name][3] for name in names]


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_never_gets_past_without_a_sentence(tmp_path, clips, seed):
    rng = np.random.default_rng(seed)
    name = list(EXPECTED)[int(rng.integers(len(EXPECTED)))]
    data = bytearray(clips[name].path.read_bytes())
    for _ in range(40):
        at = int(rng.integers(len(data) - 8))
        data[at : at + 4] = struct.pack("<I", int(rng.integers(1 << 32)))
    path = tmp_path / name
    path.write_bytes(data)
    prober = ConfinedProber()
    try:
        judged = verdict(prober.measure(path, prober.probe(path)))
    except ProbeError as error:
        assert str(error).endswith(".")
    else:
        assert judged.summary.endswith(".")


def test_names_and_heads_are_matched_without_opening_anything():
    assert recognise(b"\x00\x00\x00\x20ftypisom", "Council Meeting.MOV").name == "mp4"
    assert recognise((b"\x47" + bytes(187)) * 6, "meeting.mpg").name == "mpegts"
    with pytest.raises(FormatError, match="ends in .txt"):
        recognise(b"\x00\x00\x00\x20ftypisom", "meeting.txt")


def test_a_piece_torn_out_of_a_stream_is_known_and_begins_with_a_whole_picture(tmp_path):
    clip = numbered_clip(tmp_path / "whole.ts", frames=150, between=2)
    whole = clip.path.read_bytes()
    torn = tmp_path / "torn.ts"
    torn.write_bytes(whole[len(whole) // 3 + 77 : len(whole) * 4 // 5 + 13])
    facts = probe(torn)
    assert facts.container == "mpegts" and verdict(facts).fit
    ConfinedProber().remux(torn, tmp_path / "to.mp4")
    assert probe(tmp_path / "to.mp4").rate == NTSC
