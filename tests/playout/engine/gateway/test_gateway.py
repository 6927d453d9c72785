"""The parts of a gateway: packets in transit, addresses, reports, pieces on disk."""

import errno
import os
import shutil
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from support.clips import numbered_clip
from support.resource_limits import without_free_descriptors

from config.clock import SimulatedClock, SystemClock
from config.names import AiringId
from config.settings import SOURCE_NETWORKS
from playout.engine.gateway import sources
from playout.engine.gateway.address import AddressError, source_opening
from playout.engine.gateway.coding import Coding, parameter_set
from playout.engine.gateway.continuity import unexpected_picture
from playout.engine.gateway.encode import adts_header
from playout.engine.gateway.gateway import Gateway
from playout.engine.gateway.source import SourceError
from playout.engine.gateway.sources import LibavSource, open_source
from playout.engine.links.intake import (
    GATEWAY_REPORT,
    LIVE_DECK_REPORT,
    GatewayReport,
    IntakeFiles,
    LiveDeckReport,
    SlotIntakes,
    assign_slots,
    gateway_report_path,
    live_deck_report_path,
    read_slot_intakes,
    write_private,
)
from playout.engine.links.packets import (
    DATAGRAM_BYTES,
    Assembler,
    CodedPacket,
    CodedTrack,
    PacketQueue,
    PacketReader,
    SourceHeader,
    StreamFormat,
    fragments,
    packet_pair,
)
from playout.engine.links.slots import INTAKES, has_source
from playout.engine.recording import recorder as gatewayrecord
from playout.engine.recording.open_recordings import OpenRecordings
from playout.engine.recording.pieces import RECESS_SUFFIX, RECORDINGS_FOLDER, pieces_of
from playout.engine.recording.recorder import FileCloser, Recorder, RecordError
from playout.engine.recording.second_copy import Copyist
from playout.model.engine import Intake
from playout.model.source import Source

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TICK = Fraction(1, 90000)
FORM = StreamFormat(
    (CodedTrack("video", "h264", TICK, 640, 360, Fraction(30)), CodedTrack("audio", "aac", TICK)),
    epoch=7,
)


def pack(seconds: float, *, track: int = 0, key: bool = False, size: int = 100, late: float = 0.0):  # type: ignore[no-untyped-def]
    at = round(seconds * 90000)
    return CodedPacket(track, key, at, at, 3000, round((seconds + late) * 1e9), bytes(size))


@pytest.mark.parametrize(
    "size", [0, 1, DATAGRAM_BYTES - 50, DATAGRAM_BYTES, 3 * DATAGRAM_BYTES + 17]
)
def test_a_packet_of_any_size_travels_whole(size: int) -> None:
    whole = CodedPacket(1, True, None, 5, 6, 7, os.urandom(size))
    parts = fragments(whole)
    assert all(len(part) <= DATAGRAM_BYTES + 6 for part in parts)
    assembler = Assembler()
    assert [assembler.take(part) for part in parts][-1] == whole


def test_a_packet_that_lost_a_fragment_is_dropped_and_the_next_is_whole() -> None:
    cut = fragments(CodedPacket(0, True, 1, 1, 1, 1, bytes(2 * DATAGRAM_BYTES)))
    assembler = Assembler()
    assert [assembler.take(part) for part in (*cut[:-1], *fragments(FORM))] == [None, None, FORM]
    assert assembler.take(cut[-1]) is None


def test_a_format_and_a_source_header_travel_whole() -> None:
    whose = SourceHeader("chamber", 3.5, "left", False, ("a", "b"))
    assembler = Assembler()
    assert [assembler.take(part) for m in (FORM, whose) for part in fragments(m)] == [FORM, whose]


def drained(queue: PacketQueue) -> list[object]:
    assembler, found = Assembler(), []
    while (datagram := queue.next()) is not None:
        found.append(assembler.take(datagram))
        queue.sent()
    return [one for one in found if one is not None]


def test_a_full_queue_drops_to_the_next_key_frame() -> None:
    queue = PacketQueue(5000)
    queue.put(SourceHeader("chamber"))
    queue.put(FORM)
    for number in range(40):
        queue.put(pack(number / 30, key=number % 10 == 0, size=500))
    got = [one for one in drained(queue) if isinstance(one, CodedPacket)]
    assert got[0].key
    assert len(got) < 12
    dropped = queue.dropped
    assert dropped == 40 - len(got)
    queue.put(pack(2.0, size=500))
    assert queue.dropped == dropped + 1
    queue.put(pack(2.1, key=True, size=500))
    queue.put(pack(2.2, size=500))
    after = drained(queue)
    assert after[:2] == [SourceHeader("chamber"), FORM]
    assert [one.key for one in after if isinstance(one, CodedPacket)] == [True, False]


def test_a_new_reader_gets_source_and_format_before_the_next_key_frame() -> None:
    near, far = packet_pair()
    queue = PacketQueue(1 << 20)
    for message in (SourceHeader("chamber"), FORM, pack(0, key=True)):
        queue.put(message)
    drained(queue)
    queue.put(pack(2, key=True))
    while (datagram := queue.next()) is not None:
        os.write(near, datagram)
        queue.sent()
    reader = PacketReader(far)
    assert [reader.read() for _ in range(4)] == [
        SourceHeader("chamber"), FORM, pack(2, key=True), None,
    ]  # fmt: skip
    os.close(near)
    os.close(far)


def test_another_parameter_set_is_a_change_of_coding() -> None:
    def key(size: bytes) -> CodedPacket:
        return CodedPacket(
            0, True, 0, 0, 0, 0, b"\0\0\0\1\x09\x10\0\0\0\1\x67" + size + b"\0\0\1\x65data"
        )

    coding = Coding(FORM)
    assert [coding.changes(key(size)) for size in (b"abc", b"abc", b"xyz", b"xyz")] == [
        False, False, True, False,
    ]  # fmt: skip
    assert parameter_set(b"\0\0\1\x41rest", "h264") == b""


def found(*names: str):  # type: ignore[no-untyped-def]
    return lambda host: names


@pytest.mark.parametrize(
    ("address", "scheme", "format"),
    [
        ("udp://@239.1.2.3:5000", "udp", "mpegts"),
        ("udp://@:5000", "udp", "mpegts"),
        ("rtp://127.0.0.1:5004", "rtp", "rtp"),
        ("srt://10.0.0.9:7001?passphrase=secret1234", "srt", "mpegts"),
        ("rtsp://user:key@10.0.0.9/stream", "rtsp", "rtsp"),
        ("rtmp://10.0.0.9/live/key", "rtmp", "flv"),
        ("https://10.0.0.9/hall.m3u8", "https", None),
        ("v4l2:/dev/video0?audio=hw:1&size=1280x720", "v4l2", "v4l2"),
        ("test:?size=320x180", "test", None),
    ],
)
def test_known_schemes_are_opened(address: str, scheme: str, format: str | None) -> None:
    how = source_opening(address, SOURCE_NETWORKS, lambda host: [host])
    assert (how.scheme, how.format) == (scheme, format)
    assert "file" not in how.options.get("protocol_whitelist", "")
    assert how.bursty == address.endswith(".m3u8")


@pytest.mark.parametrize(
    ("address", "lives"),
    [
        ("file:///etc/passwd", ()),
        ("/etc/passwd", ()),
        ("concat:a|b", ()),
        ("http://hall.example/x.ts", ("8.8.8.8",)),
        ("http://hall.example/x.ts", ("10.0.0.1", "8.8.8.8")),
        ("http://169.254.169.254/latest", ("169.254.169.254",)),
        ("rtsp:///nowhere", ()),
        ("udp://@239.1.2.3", ("239.1.2.3",)),
        ("v4l2:/etc/passwd", ()),
        ("http://[bad", ()),
    ],
)
def test_any_other_address_is_refused_without_repeating_it(
    address: str, lives: tuple[str, ...]
) -> None:
    with pytest.raises(AddressError) as refused:
        source_opening(address, SOURCE_NETWORKS, found(*lives))
    assert "hall.example" not in str(refused.value)
    assert "passwd" not in str(refused.value)


def test_a_network_can_be_added_in_the_settings() -> None:
    networks = (*SOURCE_NETWORKS, "203.0.113.0/24")
    assert source_opening("rtsp://cam.example/1", networks, found("203.0.113.7")).scheme == "rtsp"


def test_an_aac_packet_gets_a_header_of_its_own() -> None:
    head = adts_header(b"\x11\x90", 93)
    assert len(head) == 7
    assert int.from_bytes(head[3:6], "big") >> 5 & 0x1FFF == 100
    assert adts_header(b"", 93) == b""


def test_a_source_that_accepts_but_sends_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources, "OPEN_SECONDS", 0.3)
    monkeypatch.setattr(sources, "READ_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        for address in (f"http://127.0.0.1:{port}/x.ts", f"rtsp://127.0.0.1:{port}/x"):
            with pytest.raises(SourceError) as said:
                open_source(address, SOURCE_NETWORKS, SystemClock())
            assert str(port) not in str(said.value)
    for address in (f"http://127.0.0.1:{port}/x.ts", f"udp://127.0.0.1:{port}"):
        with pytest.raises(SourceError) as said:
            open_source(address, SOURCE_NETWORKS, SystemClock())
        assert str(port) not in str(said.value)


def test_the_test_source_is_really_encoded(clip: tuple[StreamFormat, list[CodedPacket]]) -> None:
    clock = SimulatedClock(NOON)
    live = open_source("test:?size=320x180&rate=25", (), clock)
    packs = list(islice(live.packs(), 200))
    assert live.format.tracks[0].codec == "h264"
    assert 2.0 < (packs[-1].arrival - packs[0].arrival) / 1e9 < 4.0
    decoder = av.CodecContext.create("h264", "r")
    frames = [f for p in packs if p.track == 0 for f in decoder.decode(av.Packet(p.data))]
    assert len(frames) > 61
    first, later = (frames[n].to_ndarray()[:180] for n in (1, 60))
    assert np.abs(first.astype(int) - later.astype(int)).mean() > 1
    live.close()


def intake(source: str, airing: str | None = None) -> Intake:
    kept = AiringId(airing) if airing else None
    return Intake(Source(source, source, "test:"), NOON, NOON + timedelta(hours=1), kept)


def test_a_source_keeps_its_slot_and_a_third_one_has_none() -> None:
    one = assign_slots([intake("a", "1")], SlotIntakes(((), ())), 2)
    assert [group and group[0].source.id for group in one.slots] == ["a", ()]
    two = assign_slots([intake("b", "2"), intake("a", "1")], one, 2)
    assert [group[0].source.id for group in two.slots] == ["a", "b"]
    three = assign_slots([intake("b", "2"), intake("c", "3"), intake("a", "1")], two, 2)
    assert [group[0].source.id for group in three.slots] == ["c", "b"]
    four = assign_slots([intake("b", "2"), intake("b", "4")], two, 2)
    assert four.slots == ((), (intake("b", "2"), intake("b", "4")))


def test_intakes_are_kept_from_other_users_and_survive_the_agent(tmp_path: Path) -> None:
    desk = IntakeFiles(tmp_path)
    desk.want([intake("a", "1"), intake("b")])
    path = tmp_path / INTAKES
    assert path.stat().st_mode & 0o777 == 0o600
    assert has_source(path.read_bytes(), 1)
    assert not has_source(path.read_bytes(), 2)
    assert not has_source(path.read_bytes(), 9)
    IntakeFiles(tmp_path).want([intake("b"), intake("a", "1")])
    assert [group[0].source.id for group in read_slot_intakes(tmp_path).slots if group] == [
        "a",
        "b",
    ]
    path.write_text("{")
    assert read_slot_intakes(tmp_path) == SlotIntakes()
    before = SlotIntakes(((intake("a"),), (), ()))
    assert read_slot_intakes(tmp_path, before) == before


def test_a_source_stays_open_while_its_intakes_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No intake was withdrawn: the machine has no file descriptors left, or the disk fails."""
    monkeypatch.setattr(Gateway, "_run", lambda _: None)
    IntakeFiles(tmp_path).want([intake("a", "1")])
    gateway = Gateway(0, tmp_path, [], SOURCE_NETWORKS, SimulatedClock(NOON))
    gateway.look()
    with without_free_descriptors():
        gateway.look()
    assert gateway._wanted() is not None
    (tmp_path / INTAKES).unlink()
    gateway.look()
    assert gateway._wanted() is None


def test_a_gateway_without_a_report_has_no_signal(tmp_path: Path) -> None:
    desk = IntakeFiles(tmp_path)
    desk.want([intake("a", "1")])
    said = GatewayReport(NOON, "a", True, NOON, "", {"1": 12.5})
    write_private(gateway_report_path(tmp_path, 0), GATEWAY_REPORT.dump_json(said))
    (good,) = desk.reports(NOON + timedelta(seconds=1))
    assert (good.has_signal, good.recorded, good.airing) == (True, 12.5, "1")
    (gone,) = desk.reports(NOON + timedelta(seconds=9))
    assert not gone.has_signal
    assert desk.reports(NOON + timedelta(hours=2)) == ()


@pytest.mark.parametrize(
    ("packets", "packets_since", "decoded", "decoded_since", "good", "since"),
    [
        (True, 10, True, 12, True, 12),
        (True, 10, False, 30, False, 30),
        (False, 20, True, 12, False, 20),
        (False, 20, False, 22, False, 20),
    ],
)
def test_signal_is_good_only_while_it_is_decoded(  # type: ignore[no-untyped-def]
    tmp_path: Path, packets, packets_since, decoded, decoded_since, good, since
) -> None:
    desk = IntakeFiles(tmp_path)
    desk.want([intake("a", "1")])
    now = NOON + timedelta(seconds=60)
    taken = GatewayReport(now, "a", packets, NOON + timedelta(seconds=packets_since), "", {})
    began = NOON + timedelta(seconds=decoded_since)
    looked = LiveDeckReport(now, "a", -20.0, -20.0, None, None, 0, 0, 0, decoded, began)
    write_private(gateway_report_path(tmp_path, 0), GATEWAY_REPORT.dump_json(taken))
    write_private(live_deck_report_path(tmp_path, 0), LIVE_DECK_REPORT.dump_json(looked))
    (report,) = desk.reports(now)
    assert (report.has_signal, report.since) == (good, NOON + timedelta(seconds=since))
    assert bool(report.reason) == (not good)


@pytest.fixture
def clip(tmp_path: Path) -> tuple[StreamFormat, list[CodedPacket]]:
    path = tmp_path / "clip.ts"
    numbered_clip(path, size=(320, 180), frames=240, ident=3)
    clock = SimulatedClock(NOON)
    how = source_opening("udp://127.0.0.1:1", SOURCE_NETWORKS)

    class FromFile(LibavSource):
        def _opened(self, how):  # type: ignore[no-untyped-def]
            return av.open(str(path))

    source = FromFile(how, clock)
    packs = []
    try:
        packs.extend(source.packs())
    except Exception as ended:  # noqa: BLE001 - a file ends, a source does not
        assert "ended" in str(ended)
    return source.format, packs


def pictures(folder: Path) -> int:
    return sum(
        sum(1 for _ in av.open(str(piece.path)).decode(video=0)) for piece in pieces_of(folder)
    )


def test_pieces_hold_every_packet_and_begin_at_key_frames(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gatewayrecord, "PIECE_SECONDS", 2.0)
    form, packs = clip
    recorder = Recorder(tmp_path / "r", FileCloser())
    recorder.begin(form)
    for one in packs:
        at = form.tracks[one.track].seconds(one.dts)
        recorder.write(one, NOON + timedelta(seconds=at))
    assert recorder.seconds == pytest.approx(8.0, abs=0.1)
    recorder.close()
    pieces = pieces_of(tmp_path / "r")
    assert len(pieces) >= 3
    assert pictures(tmp_path / "r") == 240
    assert [piece.stretch for piece in pieces] == [pieces[0].stretch] * len(pieces)
    for piece in pieces:
        with av.open(str(piece.path)) as source:
            first = next(p for p in source.demux(video=0) if p.dts is not None)
            assert first.is_keyframe


def test_a_process_killed_while_writing_loses_next_to_nothing(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path
) -> None:
    form, packs = clip
    recorder = Recorder(tmp_path / "r", FileCloser())
    recorder.begin(form)
    for one in packs:
        recorder.write(one, NOON)
    assert pictures(tmp_path / "r") >= 240 - 12


def test_a_recess_is_recorded_apart_even_by_a_restarted_gateway(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path
) -> None:
    form, packs = clip
    meeting, folder = AiringId("m"), tmp_path / RECORDINGS_FOLDER / "m"

    def kept(tape: OpenRecordings, some: list[CodedPacket], recess: bool) -> None:
        tape.open([meeting], [meeting] if recess else [])
        for one in some:
            at = form.tracks[one.track].seconds(one.dts)
            tape.write(one, NOON + timedelta(seconds=at))

    third = len(packs) // 3
    first, second = (OpenRecordings(tmp_path, SimulatedClock(NOON)) for _ in range(2))
    first.begin(form)
    kept(first, packs[:third], recess=False)
    kept(first, packs[third : third + 50], recess=True)
    second.begin(form)
    kept(second, packs[third + 50 : 2 * third], recess=True)
    kept(second, packs[2 * third :], recess=False)
    assert len({piece.stretch for piece in pieces_of(folder)}) == 2
    apart = list(folder.glob(f"*{RECESS_SUFFIX}"))
    assert len(apart) == 2 and all(path.stat().st_size for path in apart)
    assert not {piece.path for piece in pieces_of(folder)} & set(apart)


def test_a_full_disk_is_reported_and_tried_again(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimulatedClock(NOON)
    form, packs = clip
    tape = OpenRecordings(tmp_path, clock)
    tape.open([AiringId("m")])
    tape.begin(form)
    monkeypatch.setattr(gatewayrecord, "RECORDING_STOPS_BELOW", 1 << 62)
    for one in packs[:20]:
        tape.write(one, NOON)
    assert "full" in tape.problem()
    assert pieces_of(tmp_path / RECORDINGS_FOLDER / "m") == []
    monkeypatch.setattr(gatewayrecord, "RECORDING_STOPS_BELOW", 0)
    tape.write(packs[20], NOON)
    assert "full" in tape.problem()
    clock.advance(timedelta(seconds=6))
    tape.write(packs[21], NOON)
    assert tape.problem() == ""
    assert len(pieces_of(tmp_path / RECORDINGS_FOLDER / "m")) == 1


def test_seconds_recorded_before_a_kill_count_too(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path
) -> None:
    form, packs = clip
    now = datetime.now(UTC) - timedelta(seconds=8)
    told = []
    for _ in range(2):
        tape = OpenRecordings(tmp_path, SystemClock())
        tape.open([AiringId("m")])
        tape.begin(form)
        for one in packs:
            at = form.tracks[one.track].seconds(one.dts)
            tape.write(one, now + timedelta(seconds=at))
        told.append(tape.seconds()["m"])
        now += timedelta(seconds=0.01)
    assert told[0] == pytest.approx(8.0, abs=0.1)
    assert told[1] == pytest.approx(16.0, abs=1.0)


def test_a_disk_too_small_for_the_meeting_is_reported_before_it_is_full(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = OpenRecordings(tmp_path, SimulatedClock(NOON))
    tape.open([AiringId("m")])
    usage = shutil.disk_usage(tmp_path)
    free = gatewayrecord.RECORDING_STOPS_BELOW + 600 * 1_000_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    assert tape.lacks_room(500) == ""
    assert "about 10 minutes" in tape.lacks_room(900)
    tape.open([])
    assert tape.lacks_room(900) == ""


def test_a_disk_that_fails_during_a_piece_is_noticed(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, packs = clip
    recorder = Recorder(tmp_path / "r", FileCloser())
    recorder.begin(form)
    recorder.write(packs[0], NOON)

    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gatewayrecord.os, "write", refuse)
    with pytest.raises(RecordError, match="No space"):
        for one in packs[1:]:
            recorder.write(one, NOON)


def test_the_second_copy_equals_the_first(
    clip: tuple[StreamFormat, list[CodedPacket]], tmp_path: Path
) -> None:
    form, packs = clip
    copyist = Copyist(tmp_path, SimulatedClock(NOON))
    copyist.take(SourceHeader("chamber", airings=("m",)))
    for place, one in enumerate(packs):
        if place % 50 == 0:
            copyist.take(form)
        copyist.take(one)
    copyist.take(SourceHeader("chamber"))
    assert pictures(tmp_path / RECORDINGS_FOLDER / "m") == 240


@pytest.mark.parametrize(
    ("size", "rate", "expects", "told"),
    [
        ((1280, 720), Fraction(30000, 1001), "1280x720@30000/1001", ""),
        ((1280, 720), Fraction(2997, 100), "1280x720@30000/1001", ""),
        ((1280, 720), None, "1280x720@30000/1001", ""),
        ((1280, 720), Fraction(25), "", ""),
        ((1280, 720), Fraction(25), "1280x720@30000/1001",
         "It sends 1280x720@25; 1280x720@30000/1001 is expected."),
        ((640, 360), None, "1920x1080@25", "It sends 640x360; 1920x1080@25 is expected."),
        (None, None, "1920x1080@25", "It sends no picture; 1920x1080@25 is expected."),
    ],
)  # fmt: skip
def test_an_unexpected_picture_format_is_reported_in_words(
    size: tuple[int, int] | None, rate: Fraction | None, expects: str, told: str
) -> None:
    tracks = [CodedTrack("audio", "aac", Fraction(1, 90000))]
    if size is not None:
        tracks.insert(0, CodedTrack("video", "h264", Fraction(1, 90000), *size, rate))
    assert unexpected_picture(StreamFormat(tuple(tracks)), expects) == told


CARD = {
    "v4l2": "testsrc=size=320x180:rate=25,realtime",
    "alsa": "sine=frequency=440:sample_rate=48000,arealtime",
}
"""What libav makes by itself in place of a card this machine does not have."""


def test_a_capture_card_is_encoded_once_picture_and_sound_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, asked = av.open, []

    def card(url: str, *, format: str, **more: object) -> object:
        asked.append((url, format))
        return whole(CARD[format], format="lavfi")

    monkeypatch.setattr(sources.av, "open", card)
    source = open_source("v4l2:/dev/video0?audio=hw:1", SOURCE_NETWORKS, SystemClock())
    packs = list(islice(source.packs(), 120))
    monkeypatch.undo()
    source.close()
    assert asked == [("/dev/video0", "v4l2"), ("hw:1", "alsa")]
    assert (source.format.has_picture, source.format.has_sound) == (True, True)
    recorder = Recorder(tmp_path / "r", FileCloser())
    recorder.begin(source.format)
    for one in packs:
        recorder.write(one, NOON)
    recorder.close()
    kinds = [source.format.tracks[one.track].kind for one in packs]
    assert pictures(tmp_path / "r") >= kinds.count("video") - 2 > 20
    ends: dict[str, float] = {}
    for one, kind in zip(packs, kinds, strict=True):
        ends[kind] = source.format.tracks[one.track].seconds(one.pts)
    assert abs(ends["video"] - ends["audio"]) < 0.5


def test_a_source_still_reports_its_signal_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for a slot that never had a report, and for one whose source was closed: otherwise
    no meeting could begin on that evening.
    """
    usual = os.open

    def full(path: Path, flags: int, *mode: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, "No space left on device")
        return usual(path, flags, *mode)

    clock = SystemClock()
    now = clock.utc()
    opened = replace(intake("a"), opens=now, closes=now + timedelta(hours=1))
    desk = IntakeFiles(tmp_path)
    desk.want([])
    monkeypatch.setattr(os, "open", full)
    for _ in range(2):
        desk.want([opened])
        gateway = Gateway(0, tmp_path, [], SOURCE_NETWORKS, clock)
        gateway.look()
        (told,) = desk.reports(clock.utc())
        assert told.reason == "No signal yet."
        looked = LiveDeckReport(clock.utc(), "a", -20.0, -20.0, None, None)
        write_private(live_deck_report_path(tmp_path, 0), LIVE_DECK_REPORT.dump_json(looked))
        desk.want([])
        gateway.look()
        assert desk.reports(clock.utc()) == ()
