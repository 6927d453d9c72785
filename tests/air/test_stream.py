"""The stream that leaves, made by the real encoder and relay, and judged from a capture."""

import time
from pathlib import Path

import av
import numpy as np
import pytest
from support.capture import Capture
from support.encoder_bench import IDENT, EncoderBench
from support.marks import read_mark
from support.ports import free_udp_port

from config.names import HouseFormat
from config.supervise import LONGEST_PAUSE
from playout.engine.outputs.encode import Encode
from playout.engine.relay.analysis import StreamAnalysis, StreamReport
from playout.engine.relay.rate import stream_rate
from playout.engine.relay.tables import StreamService
from playout.processes.stream import StreamPlan

pytestmark = pytest.mark.air
HOUSE = HouseFormat.parse("640x360@30000/1001")
KILLS = 10


def analysed(path: Path) -> StreamReport:
    analysis = StreamAnalysis()
    analysis.take(path.read_bytes())
    return analysis.report()


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Capture a stream whose encoder is killed ten times."""
    folder, port = tmp_path_factory.mktemp("struck"), free_udp_port()
    with (
        Capture(port, folder / "capture.ts") as capture,
        EncoderBench(HOUSE, [f"udp://127.0.0.1:{port}"], folder) as bench,
    ):
        time.sleep(4)
        for _ in range(KILLS):
            bench.strike("output")
            time.sleep(4)
        return capture.stop()


def test_ten_kills_of_the_encoder_break_neither_clock_nor_counters(struck: Path) -> None:
    report = analysed(struck)

    assert report.faults() == []
    assert report.rate == pytest.approx(stream_rate(HOUSE.rate, 1500, 192, "mp2"), rel=1e-6)
    assert report.seconds > 4 * KILLS


def read_pictures(path: Path) -> list[tuple[float, int, tuple[int, ...]]]:
    """Return time, drawn number and captioned numbers of every picture."""
    found = []
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            luma = frame.to_ndarray(format="gray")
            mark = read_mark(luma)
            assert frame.time is not None
            if mark is not None and mark.ident == IDENT:
                found.append((frame.time, mark.frame, captioned(frame)))
    return found


def captioned(frame: av.VideoFrame) -> tuple[int, ...]:
    """Return the numbers of the ticks whose captions a picture carries."""
    raw = b"".join(bytes(data) for data in frame.side_data if data.type.name == "A53_CC")
    triplets = [raw[at : at + 3] for at in range(0, len(raw), 3)]
    return tuple(one[1] << 8 | one[2] for one in triplets if one[0] == 0xFE)


def test_every_picture_carries_the_captions_of_its_own_tick_in_every_run(struck: Path) -> None:
    pictures = read_pictures(struck)
    wrong = [(drawn, said) for _, drawn, said in pictures if said not in ((drawn,), ())]

    assert len(pictures) > 600
    assert wrong == []
    assert sum(not said for _, _, said in pictures) <= 0.02 * len(pictures)


def test_pictures_of_all_runs_keep_one_distance_from_the_house_clock(struck: Path) -> None:
    """The distance is the delay of the stream; it may differ between runs by what libVLC's
    multiplexer holds back at once, a tenth of a second.
    """
    pictures = read_pictures(struck)
    settled = [
        time - float(drawn / HOUSE.rate)
        for (time, drawn, _), (_, before, _) in zip(pictures[45:], pictures, strict=False)
        if drawn - before == 45
    ]

    assert len(settled) > 200
    assert min(settled) > 0.5
    assert max(settled) < 1.0
    assert max(settled) - min(settled) < 0.2


def test_the_gap_of_a_killed_encoder_is_short(struck: Path) -> None:
    """The supervisor waits up to 2 s before it starts a process that keeps ending."""
    pictures = read_pictures(struck)
    gaps = [b[0] - a[0] for a, b in zip(pictures, pictures[1:], strict=False)]
    long = [gap for gap in gaps if gap > 0.3]

    assert len(long) == KILLS
    assert min(long) < 2.0
    assert max(long) < 2.0 + LONGEST_PAUSE


@pytest.mark.parametrize(("video", "audio"), [("h264", "mp2"), ("mpeg2", "ac3")])
def test_an_interlaced_stream_has_two_pictures_of_the_house_in_each_frame(
    video: str, audio: str, tmp_path: Path
) -> None:
    house, port = HouseFormat.parse("640x480@60000/1001"), free_udp_port()
    encode = Encode(3000, 192, "ultrafast", audio=audio, video=video, scan="interlaced")
    plan = StreamPlan(service=StreamService("Gavel 13", audio=audio, video=video))
    with (
        Capture(port, tmp_path / "capture.ts") as capture,
        EncoderBench(house, [f"udp://127.0.0.1:{port}"], tmp_path, encode, plan),
    ):
        time.sleep(8)
        path = capture.stop()
    seen, order = [], set()
    with av.open(str(path)) as source:
        coded = (source.streams.video[0].codec.name, source.streams.audio[0].codec.name)
        for frame in source.decode(video=0):
            luma = frame.to_ndarray(format="gray")
            marks = [read_mark(np.ascontiguousarray(luma[line::2])) for line in (0, 1)]
            order.add(frame.interlaced_frame)
            if marks[0] is not None and marks[1] is not None:
                seen.append((marks[0].frame, marks[1].frame, captioned(frame)))

    assert coded == ({"mpeg2": "mpeg2video"}.get(video, video), audio)
    assert analysed(path).faults() == []
    assert order == {True}
    assert len(seen) > 100
    assert {second - first for first, second, _ in seen} == {1}
    assert {b[0] - a[0] for a, b in zip(seen, seen[1:], strict=False)} == {2}
    assert [one for one in seen if one[2] not in (one[:2], ())] == []
    assert sum(not said for _, _, said in seen) <= 0.05 * len(seen)


def test_the_sound_of_ac3_says_the_loudness_of_the_house(tmp_path: Path) -> None:
    port, encode = free_udp_port(), Encode(1500, 192, "ultrafast", audio="ac3")
    plan = StreamPlan(service=StreamService("Gavel 13", audio="ac3"))
    with (
        Capture(port, tmp_path / "capture.ts") as capture,
        EncoderBench(HOUSE, [f"udp://127.0.0.1:{port}"], tmp_path, encode, plan),
    ):
        time.sleep(6)
        path = capture.stop()
    with av.open(str(path)) as source:
        frames = [bytes(packet) for packet in source.demux(audio=0) if packet.size]

    assert len(frames) > 60
    assert {frame[:2] for frame in frames} == {b"\x0b\x77"}
    assert {(frame[6] & 3) << 3 | frame[7] >> 5 for frame in frames} == {24}


def test_a_relay_that_was_killed_goes_on_with_its_clock_and_its_delay(tmp_path: Path) -> None:
    """Receivers miss what was not sent meanwhile, and nothing else changes."""
    port = free_udp_port()
    with (
        Capture(port, tmp_path / "capture.ts") as capture,
        EncoderBench(HOUSE, [f"udp://127.0.0.1:{port}"], tmp_path) as bench,
    ):
        time.sleep(5)
        bench.strike("relay")
        time.sleep(6)
        path = capture.stop()
    report, pictures = analysed(path), read_pictures(path)
    distances = [at - float(drawn / HOUSE.rate) for at, drawn, _ in pictures[45:]]

    assert 0 < report.clock_gaps[0] <= report.clock_gaps[1] < 5
    assert len(report.continuity_errors) <= 6
    assert len(distances) > 60
    assert max(distances) - min(distances) < 0.05
