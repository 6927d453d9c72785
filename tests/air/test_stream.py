"""The stream that leaves, made by the real encoder and relay, and judged from a capture."""

import time
from pathlib import Path

import av
import pytest
from support.capture import Capture
from support.captured_airing import free_port
from support.encoder_bench import IDENT, EncoderBench
from support.marks import read_mark

from config.names import HouseFormat
from config.supervise import LONGEST_PAUSE
from playout.engine.relay.analysis import StreamAnalysis, StreamReport
from playout.engine.relay.rate import stream_rate

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
    folder, port = tmp_path_factory.mktemp("struck"), free_port()
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


def read_pictures(path: Path) -> list[tuple[float, int, int | None]]:
    """Return time, drawn number and captioned number of every picture."""
    found = []
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            luma = frame.to_ndarray(format="gray")
            mark = read_mark(luma)
            assert frame.time is not None
            if mark is not None and mark.ident == IDENT:
                found.append((frame.time, mark.frame, captioned(frame)))
    return found


def captioned(frame: av.VideoFrame) -> int | None:
    for data in frame.side_data:
        if data.type.name == "A53_CC":
            raw = bytes(data)
            triplets = [raw[at : at + 3] for at in range(0, len(raw), 3)]
            return next((t[1] << 7 | t[2] for t in triplets if t[0] == 0xFC and t[1] < 128), None)
    return None


def test_every_picture_carries_the_captions_of_its_own_tick_in_every_run(struck: Path) -> None:
    pictures = read_pictures(struck)
    wrong = [(drawn, said) for _, drawn, said in pictures if said not in (drawn, None)]

    assert len(pictures) > 600
    assert wrong == []
    assert sum(said is None for _, _, said in pictures) <= 0.02 * len(pictures)


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

    assert len(settled) > 300
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
