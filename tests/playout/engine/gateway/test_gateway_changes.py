"""A source that changes its coding without a pause: noticed at once, with no packet lost."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from support.byte_source import ByteSource, packets_by_format
from support.capture import read_ts
from support.clips import Sound, numbered_clip
from support.many_tracks import check_sum
from support.ports import free_udp_port

from config.clock import SimulatedClock, SystemClock
from config.names import AiringId
from config.settings import SOURCE_NETWORKS
from playout.engine.gateway import sources
from playout.engine.gateway.coding import Coding, parameter_set, picture_codec, sound_codec
from playout.engine.gateway.gateway import Gateway
from playout.engine.gateway.source import SourceError
from playout.engine.gateway.sources import open_source
from playout.engine.gateway.tables import TableWatch
from playout.engine.links.packets import CodedPacket, StreamFormat
from playout.engine.recording.pieces import RECORDINGS_FOLDER, pieces_of

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
FRAMES = 75
RECIPES: dict[str, dict[str, Any]] = {
    "h264": {},
    "hevc": {"codec": "libx265"},
    "mpeg2": {"codec": "mpeg2video", "audio": Sound("mp2")},
    "wide": {"codec": "mpeg2video", "size": (320, 240), "sar": Fraction(4, 3)},
    "narrow": {"codec": "mpeg2video", "size": (320, 240)},
    "larger": {"size": (640, 360)},
    "fields": {"codec": "mpeg2video", "size": (720, 480), "interlaced": True},
    "ac3": {"audio": Sound("ac3")},
    "cd": {"audio": Sound(rate=44100)},
    "silent": {"audio": None},
    "radio": {"size": None},
}
Clip = Callable[[str], Path]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    folder = tmp_path_factory.mktemp("clips")

    def make(name: str) -> Path:
        path = folder / f"{name}.ts"
        if not path.exists():
            ident = list(RECIPES).index(name)
            recipe = {"frames": FRAMES, "size": (320, 180), "ident": ident} | RECIPES[name]
            numbered_clip(path, **recipe)
        return path

    return make


def decoded(form: StreamFormat, packs: list[CodedPacket]) -> int:
    """Count the pictures of these packets that decode in their stated format."""
    context = av.CodecContext.create(form.tracks[0].codec, "r")
    frames = [f for p in packs if p.track == 0 for f in context.decode(av.Packet(p.data))]
    return len(frames) + len(context.decode(None))


def joined(*clips: Path) -> bytes:
    return b"".join(path.read_bytes() for path in clips)


# The tables


def parted(data: bytes, size: int = 1316) -> list[bytes]:
    """Return the parts into which a table watch splits a stream read in chunks of this size."""
    watch, parts = TableWatch(), [b""]
    for at in range(0, len(data), size):
        ready, again = watch.take(data[at : at + size])
        parts[-1] += ready
        while again is not None:
            ready, again = watch.take(again)
            parts.append(ready)
    return parts


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("h264", "hevc", 2), ("h264", "mpeg2", 2), ("h264", "ac3", 2), ("h264", "silent", 2),
        ("silent", "h264", 2), ("h264", "radio", 2),
        ("h264", "h264", 1), ("h264", "larger", 1), ("narrow", "wide", 1), ("h264", "cd", 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [188, 1000, 1316, 1 << 20])
def test_a_stream_is_split_where_its_tables_change(
    clip: Clip, before: str, after: str, parts: int, size: int
) -> None:
    first, second = clip(before).read_bytes(), clip(after).read_bytes()
    found = parted(first + second, size)
    assert len(found) == parts
    assert b"".join(found).startswith(first)
    assert found[-1].endswith(second[-188 * 20 :])
    if parts > 1:
        assert abs(len(found[0]) - len(first)) <= 3 * 188


def packet(pid: int, section: bytes, count: int = 0) -> bytes:
    """Return one transport packet with a section, its checksum corrected."""
    section += check_sum(section).to_bytes(4, "big")
    head = bytes((0x47, 0x40 | pid >> 8, pid & 0xFF, 0x10 | count & 15, 0))
    return (head + section).ljust(188, b"\xff")


def table(
    program: int, streams: list[tuple[int, int, bytes]], version: int = 0, pid: int = 0x1000
) -> bytes:
    """Return a program's map."""
    listed = b"".join(
        bytes((kind, 0xE0 | pid >> 8, pid & 0xFF, 0xF0, len(told))) + told
        for kind, pid, told in streams
    )
    body = program.to_bytes(2, "big") + bytes((0xC1 | version << 1, 0, 0, 0xE1, 0, 0xF0, 0))
    size = len(body) + len(listed) + 4
    return packet(pid, bytes((2, 0xB0 | size >> 8, size & 0xFF)) + body + listed)


PAT = packet(0, bytes((0, 0xB0, 13, 0, 1, 0xC1, 0, 0, 0, 1, 0xF0, 0)))
PICTURE, SPEECH = (0x1B, 256, b""), (0x0F, 257, b"")
AC3, DATA, TELETEXT = (6, 257, b"\x6a\x01\x00"), (0x86, 300, b""), (6, 301, b"\x56\x00")
DESCRIBED = (0x0F, 259, b"\x0a\x04eng\x03")
"""ISO 639 descriptor, audio type 3: for those who do not see."""
SUPPLEMENTARY = (0x06, 260, b"\x6a\x01\x00\x7f\x02\x06\x84")
"""The same as DVB says it (EN 300 468, 6.4.10)."""
SPANISH = (0x0F, 258, b"\x0a\x04spa\x00")


@pytest.mark.parametrize(
    ("streams", "parts"),
    [
        ([PICTURE, SPEECH], 1),
        ([PICTURE, SPEECH, SPANISH], 1),
        ([PICTURE, SPEECH, DATA, TELETEXT], 1),
        ([PICTURE, (0x0F, 257, b"\x0a\x04eng\x00")], 1),
        ([PICTURE, SPANISH], 2),
        ([(0x1B, 400, b""), SPEECH], 2),
        ([(0x24, 256, b""), SPEECH], 2),
        ([PICTURE, AC3], 2),
        ([PICTURE], 2),
        ([PICTURE, TELETEXT], 2),
        ([PICTURE, DESCRIBED, SPEECH], 1),
        ([PICTURE, DESCRIBED], 2),
    ],
)
def test_only_tracks_that_air_split_a_stream(streams: list[Any], parts: int) -> None:
    stream = PAT + table(1, [PICTURE, SPEECH])
    assert len(parted(stream + PAT + table(1, streams, 1) + PAT)) == parts


@pytest.mark.parametrize("few", [DESCRIBED, SUPPLEMENTARY])
@pytest.mark.parametrize(
    ("sound", "parts"), [(SPEECH, 1), (AC3, 2), ((0x0F, 300, b""), 2)], ids=["same", "codec", "id"]
)
def test_a_change_of_the_main_sound_splits_a_stream(few: Any, sound: Any, parts: int) -> None:
    stream = PAT + table(1, [PICTURE, few, SPEECH])
    assert len(parted(stream + PAT + table(1, [PICTURE, few, sound], 1) + PAT)) == parts


def test_a_change_of_another_program_splits_nothing() -> None:
    """Each part waits for a key picture, so a change of another program must not begin one."""
    pat = packet(0, bytes((0, 0xB0, 17, 0, 1, 0xC1, 0, 0, 0, 1, 0xF0, 0, 0, 2, 0xF0, 1)))
    other = [(0x1B, 512, b""), (0x0F, 513, b"")]
    maps = [table(2, other, 0, 0x1001), table(1, [PICTURE, SPEECH])]
    for begun in (maps, maps[::-1]):
        stream = pat + b"".join(begun)
        assert len(parted(stream + pat + table(2, other[:1], 1, 0x1001) + pat)) == 1
        assert len(parted(stream + pat + table(1, [PICTURE], 1) + pat)) == 2


def test_a_damaged_or_future_table_splits_nothing() -> None:
    other = table(1, [PICTURE], 1)
    hurt = other[:14] + bytes([other[14] ^ 4]) + other[15:]
    begun = PAT + table(1, [PICTURE, SPEECH])
    assert len(parted(begun + hurt + PAT)) == 1
    assert len(parted(begun + other + PAT)) == 2


# What packets say of themselves


@pytest.mark.parametrize("name", ["h264", "hevc", "mpeg2", "ac3", "cd", "wide", "fields", "larger"])
def test_a_steady_source_never_seems_to_change(clip: Clip, name: str) -> None:
    ((form, packs),) = packets_by_format(ByteSource(clip(name).read_bytes()))
    coding = Coding(form)
    assert len(packs) > FRAMES
    for one in packs:
        assert not coding.is_other(one)
        assert not coding.changes(one)


@pytest.mark.parametrize(
    ("name", "picture", "sound"),
    [
        ("h264", "h264", "aac"), ("hevc", "hevc", "aac"), ("mpeg2", "mpeg2video", "mp2"),
        ("fields", "mpeg2video", "aac"), ("ac3", "h264", "ac3"),
    ],
)  # fmt: skip
def test_the_codec_is_read_from_a_packet(clip: Clip, name: str, picture: str, sound: str) -> None:
    ((form, packs),) = packets_by_format(ByteSource(clip(name).read_bytes()))
    first = next(one for one in packs if one.track == 0 and one.key)
    assert picture_codec(first.data) == picture
    sounds = {sound_codec(one.data) for one in packs if form.tracks[one.track].kind == "audio"}
    assert sounds == {sound}


@pytest.mark.parametrize("other", ["hevc", "mpeg2"])
def test_without_tables_a_new_codec_is_noticed_at_its_first_key_picture(
    clip: Clip, other: str
) -> None:
    ((form, packs),) = packets_by_format(ByteSource(clip("h264").read_bytes()))
    ((_, more),) = packets_by_format(ByteSource(clip(other).read_bytes()))
    coding = Coding(form)
    assert not any(coding.is_other(one) for one in packs)
    pictures = [one for one in more if one.track == 0]
    assert coding.is_other(pictures[0])


def test_a_track_that_never_matched_its_format_is_not_reopened_for_ever(
    clip: Clip,
) -> None:
    ((form, _),) = packets_by_format(ByteSource(clip("h264").read_bytes()))
    ((_, packs),) = packets_by_format(ByteSource(clip("hevc").read_bytes()))
    coding = Coding(form)
    assert not any(coding.is_other(one) for one in packs if one.track == 0)


def test_a_new_sound_codec_is_confirmed_by_its_third_packet(clip: Clip) -> None:
    ((form, packs),) = packets_by_format(ByteSource(clip("h264").read_bytes()))
    ((_, more),) = packets_by_format(ByteSource(clip("ac3").read_bytes()))
    coding = Coding(form)
    assert not any(coding.is_other(one) for one in packs)
    sounds = [one for one in more if one.track == 1]
    assert [coding.is_other(one) for one in sounds[:3]] == [False, False, True]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("h264", "larger", 0), ("narrow", "wide", 0), ("narrow", "fields", 0), ("h264", "cd", 1),
    ],
)  # fmt: skip
def test_another_size_shape_or_rate_begins_a_new_stretch(
    clip: Clip, before: str, after: str, kind: int
) -> None:
    ((form, packs),) = packets_by_format(ByteSource(joined(clip(before), clip(after))))
    coding = Coding(form)
    changes = [one for one in packs if not coding.is_other(one) and coding.changes(one)]
    assert [one.track for one in changes] == [kind]


def test_a_picture_without_parameter_sets_has_no_known_codec() -> None:
    assert picture_codec(b"\0\0\1\x41rest") == ""
    assert picture_codec(b"") == ""
    assert sound_codec(b"\xff\xf1") == ""
    assert parameter_set(b"\0\0\1\xb3", "mpeg2video") == b""


# The source, and what is recorded of it


@pytest.mark.parametrize("size", [188 * 4, 1316])
def test_no_packet_is_lost_where_a_source_changes_its_codec(clip: Clip, size: int) -> None:
    names = ("h264", "hevc", "mpeg2", "ac3")
    parts = packets_by_format(ByteSource(joined(*map(clip, names)), size))
    codecs = [tuple(track.codec for track in form.tracks) for form, _ in parts]
    assert codecs == [("h264", "aac"), ("hevc", "aac"), ("mpeg2video", "mp2"), ("h264", "ac3")]
    for form, packs in parts:
        assert next(one for one in packs if one.track == 0).key
        assert decoded(form, packs) == FRAMES


@pytest.mark.parametrize(("before", "after"), [("h264", "silent"), ("silent", "h264")])
def test_sound_that_stops_or_starts_is_followed(clip: Clip, before: str, after: str) -> None:
    parts = packets_by_format(ByteSource(joined(clip(before), clip(after))))
    assert [form.has_sound for form, _ in parts] == [before != "silent", after != "silent"]
    assert [decoded(form, packs) for form, packs in parts] == [FRAMES, FRAMES]


class Still:
    """A live source that yields the packets it was given."""

    def __init__(self, brings: list[tuple[StreamFormat, list[CodedPacket]]]) -> None:
        self.format, self._brings = brings[0][0], brings

    def packs(self) -> Iterator[CodedPacket | StreamFormat]:
        for place, (form, packs) in enumerate(self._brings):
            if place:
                yield form
            yield from packs

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """Make a gateway that records a meeting; the test acts as its reading thread."""
    monkeypatch.setattr(Gateway, "_run", lambda _: None)
    gateway = Gateway(0, tmp_path, [], SOURCE_NETWORKS, SimulatedClock(NOON))
    gateway._recordings.open([AiringId("m")])
    return gateway


def test_each_piece_is_stored_in_its_true_codec_and_plays(
    clip: Clip, tmp_path: Path, gateway: Gateway
) -> None:
    parts = packets_by_format(ByteSource(joined(*map(clip, ("h264", "hevc", "mpeg2")))))
    spread = [(form, spaced(packs, 3 * place)) for place, (form, packs) in enumerate(parts)]
    gateway._follow(Still(spread), lambda: True)
    gateway._recordings.open([])
    pieces = [piece.path for piece in pieces_of(tmp_path / RECORDINGS_FOLDER / "m")]
    codecs = []
    for piece in pieces:
        with av.open(str(piece)) as source:
            codecs.append(source.streams.video[0].codec_context.name)
    assert codecs == ["h264", "hevc", "mpeg2video"]
    seen = [(one.ident, one.frame) for piece in pieces for one in read_ts(piece)]
    assert seen == [(ident, frame) for ident in (0, 1, 2) for frame in range(FRAMES)]


def spaced(packs: list[CodedPacket], seconds: float) -> list[CodedPacket]:
    """Return the same packets, this many seconds later."""
    return [replace(one, arrival=one.arrival + round(seconds * 1e9)) for one in packs]


@pytest.mark.parametrize("other", ["hevc", "mpeg2"])
def test_a_source_that_changes_codec_is_reopened_before_any_packet_is_recorded(
    clip: Clip, tmp_path: Path, gateway: Gateway, other: str
) -> None:
    ((form, packs),) = packets_by_format(ByteSource(clip("h264").read_bytes()))
    ((_, more),) = packets_by_format(ByteSource(clip(other).read_bytes()))
    sounds = [one for one in spaced(more, 3) if one.track == 1]
    pictures = [one for one in spaced(more, 3) if one.track == 0]
    with pytest.raises(SourceError, match="opened again"):
        gateway._follow(Still([(form, [*packs, *sounds[:3], *pictures])]), lambda: True)
    pieces = pieces_of(tmp_path / RECORDINGS_FOLDER / "m")
    if other == "mpeg2":
        assert len(pieces) == 1
    with av.open(str(pieces[0].path)) as source:
        assert len(list(source.decode(video=0))) == FRAMES


def test_a_late_sender_is_awaited_for_the_whole_opening_time(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that stopped listening sooner would miss its first key picture."""
    monkeypatch.setattr(sources, "READ_SECONDS", 0.1)
    data, place = clip("h264").read_bytes(), ("127.0.0.1", free_udp_port())
    over = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
            over.wait(0.6)
            for at in range(0, len(data), 1316):
                door.sendto(data[at : at + 1316], place)
                over.wait(0.002)

    sender = threading.Thread(target=send)
    sender.start()
    source = open_source(f"udp://127.0.0.1:{place[1]}", SOURCE_NETWORKS, SystemClock())
    first = next(one for one in source.packs() if isinstance(one, CodedPacket) and one.track == 0)
    over.set()
    sender.join()
    source.close()
    assert first.key
