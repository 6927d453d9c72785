"""MP3 files recognised by their frames, with or without tags before them."""

import io
from pathlib import Path

import pytest
from support.clips import Sound, numbered_clip

from media.headers import family_of
from media.mp3 import after_tags, frame_length, is_mp3
from media.probe import ConfinedProber, ProbeError, probe

HEADER = b"ID3\x04\x00\x00"


def tag(content: bytes, flags: int = 0) -> bytes:
    """Return `content` in an ID3 tag, whose size is written in bytes of seven bits."""
    size = len(content)
    sizes = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return HEADER[:5] + bytes([flags]) + sizes + content


def bare(path: Path, rate: int) -> bytes:
    """Make two seconds of MP3 without any tag."""
    clip = numbered_clip(path, size=None, frames=60, audio=Sound("libmp3lame", rate))
    whole = clip.path.read_bytes()
    with clip.path.open("rb") as file:
        return whole[after_tags(file) :]


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"\xff\xfb\x90\x64", 417),
        (b"\xff\xfb\x92\x64", 418),
        (b"\xff\xf3\x90\x64", 261),
        (b"\xff\xe3\x40\xc4", 208),
        (b"\xff\xfb\xf0\x64", 0),
        (b"\xff\xfb\x9c\x64", 0),
        (b"\xff\xea\x90\x64", 0),
        (b"\xff\xf1\x90\x64", 0),
        (b"\xff\xfb", 0),
    ],
)
def test_the_length_of_a_frame_is_read_from_its_head(head: bytes, length: int) -> None:
    """128 kbit/s at 44.1 kHz, with padding, 80 at 22.05, 32 at 11.025; then bytes that are no
    frame.
    """
    assert frame_length(head) == length


@pytest.mark.parametrize("rate", [11025, 22050, 44100, 48000])
def test_mp3_of_every_version_is_known_without_a_tag(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "bare.mp3"
    path.write_bytes(bare(tmp_path / "a.mp3", rate))
    facts = probe(path)

    assert (facts.container, facts.audio_codec, facts.sample_rate) == ("mp3", "mp3", rate)


def test_two_bytes_like_a_frame_are_no_mp3() -> None:
    assert not is_mp3(b"\xff\xfb\x90\x64" + bytes(2000))


def test_tags_of_any_number_and_their_padding_are_passed_over() -> None:
    content = tag(bytes(300)) + tag(b"x" * 20, flags=0x10) + b"3DI" + bytes(7) + bytes(5000)

    assert after_tags(io.BytesIO(content + b"sound")) == len(content)


def test_a_large_cover_in_front_does_not_hide_the_sound(tmp_path: Path) -> None:
    path = tmp_path / "cover.mp3"
    path.write_bytes(tag(b"\xff\xd8cover" * 20_000) + bytes(10) + bare(tmp_path / "a.mp3", 44100))

    assert family_of(path, path.name).name == "mp3"


PLAYLIST = b"#EXTM3U\n#EXTINF:3,\nhttp://127.0.0.1/other.mp3\n"
SESSION = b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 14\n"
CONCAT = b"ffconcat version 1.0\nfile other.mp3\n"


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        (PLAYLIST, "playlist that points elsewhere"),
        (SESSION, "no MP3 sound after its tags"),
        (CONCAT, "no MP3 sound after its tags"),
        (b"<MPD></MPD>", "points elsewhere"),
        (b"fLaC" + bytes(5000), "no MP3 sound after its tags"),
        (b"", "no MP3 sound after its tags"),
    ],
    ids=["playlist", "session", "concat", "manifest", "other sound", "nothing"],
)
def test_a_tag_without_sound_after_it_is_refused(tmp_path: Path, hidden: bytes, words: str) -> None:
    path = tmp_path / "two_faced.mp3"
    sound = bare(tmp_path / "a.mp3", 44100) if hidden and not hidden.startswith(b"fLaC") else b""
    path.write_bytes(tag(bytes(10)) + hidden + sound)

    with pytest.raises(ProbeError, match=words):
        ConfinedProber().probe(path)


@pytest.mark.parametrize("mark", [b"RF64", b"BW64"])
def test_long_wav_files_are_known(tmp_path: Path, mark: bytes) -> None:
    clip = numbered_clip(
        tmp_path / "a.wav",
        size=None,
        frames=60,
        audio=Sound("pcm_s16le"),
        muxing={"rf64": "always"},
    )
    whole = clip.path.read_bytes()
    assert whole[:4] == b"RF64"
    clip.path.write_bytes(mark + whole[4:])
    facts = ConfinedProber().measure(clip.path, probe(clip.path))

    assert (facts.container, facts.audio_codec, facts.channels) == ("wav64", "pcm_s16le", 2)
    assert abs(facts.length.total_seconds() - 60 * 1001 / 30000) < 0.01
