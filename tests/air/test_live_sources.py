"""Every kind of source, on loopback and in real time, recorded while its reader hangs."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from support.capture import read_ts
from support.clips import numbered_clip
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port

from config.clock import SystemClock
from config.names import AiringId
from config.settings import SOURCE_NETWORKS
from media.store import MediaStore
from playout.engine.gateway import gateway as gateways
from playout.engine.gateway.gateway import Gateway, PacketSender
from playout.engine.links.intake import IntakeFiles
from playout.engine.links.packets import packet_pair
from playout.engine.recording.keeper import Keeper
from playout.engine.recording.pieces import RECORDINGS_FOLDER, read_closed
from playout.model.engine import Intake
from playout.model.recording import RecordingState
from playout.model.source import Source, SourceReport

pytestmark = [pytest.mark.air, pytest.mark.soak]
SECONDS, RESET = 16, 5.0
RATE = 2_000_000
"""Bits a second: more than all that can wait for a hanging reader."""
WAYS = {
    "srt": "srt://127.0.0.1:{port}",
    "http": "http://127.0.0.1:{port}/hall.ts",
    "rtmp": "rtmp://127.0.0.1:{port}/live/key?mode=listener",
    "rtsp": "rtsp://127.0.0.1:{port}/hall",
    "camera": "rtsp://127.0.0.1:{port}/camera?transport=udp",
    "rtp": "rtp://127.0.0.1:{port}",
    "hls": "http://127.0.0.1:{port}/hall.m3u8",
    "rebooted": "udp://127.0.0.1:{port}",
}


BEHIND = {"hls": 6}
"""Seconds by which each kind is behind its sender: a list of segments is begun three from its
end."""


@dataclass
class Taken:
    """The result for one kind of source."""

    report: SourceReport
    sent: float
    """Seconds for which it was sent until its recording was closed."""
    dropped: int
    frames: list[int]
    length: float
    state: RecordingState
    reason: str


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Taken]]:
    root = tmp_path_factory.mktemp("sources")
    clip, clock = root / "clip.ts", SystemClock()
    film = numbered_clip(
        root / "clip.mp4", frames=SECONDS * 30, size=(320, 180), ident=9, bit_rate=RATE
    ).path
    numbered_clip(clip, frames=SECONDS * 30, size=(320, 180), ident=9, bit_rate=RATE)
    patch = pytest.MonkeyPatch()
    patch.setattr(gateways, "QUEUE_BYTES", 200_000)
    running: dict[str, tuple[Gateway, IntakeFiles, PacketSender]] = {}
    addresses = {name: way.format(port=free_udp_port()) for name, way in WAYS.items()}
    pipes = []
    for name, address in addresses.items():
        now = clock.utc()
        source = Source(name, name, address)
        desk = IntakeFiles(root / name)
        desk.want([Intake(source, now, now + timedelta(hours=1), AiringId("m"))])
        pipes.append(packet_pair())
        hand = PacketSender(pipes[-1][0])
        running[name] = (Gateway(0, root / name, [hand], SOURCE_NETWORKS, clock), desk, hand)
    stop = threading.Event()
    looker = threading.Thread(target=look, args=(running, stop))
    looker.start()
    with ExitStack() as senders:
        began: dict[str, float] = {}
        for name, address in addresses.items():
            to = address.partition("?")[0]
            reset = RESET if name == "rebooted" else None
            sent = film if name == "camera" else clip
            began[name] = senders.enter_context(EncoderProcess(sent, to, reset=reset)).started
        time.sleep(min(began.values()) + SECONDS - 0.5 - time.time())
        ended = time.time()
        reports = {name: desk.reports(clock.utc())[0] for name, (_, desk, _) in running.items()}
    for _, desk, _ in running.values():
        desk.want([])
    time.sleep(1)
    stop.set()
    looker.join()
    yield {
        name: judged(root / name, reports[name], ended - began[name], running[name][2].dropped)
        for name in WAYS
    }
    patch.undo()
    for pipe in pipes:
        for end in pipe:
            os.close(end)


def look(
    running: dict[str, tuple[Gateway, IntakeFiles, PacketSender]], stop: threading.Event
) -> None:
    while not stop.wait(0.25):
        for gateway, _, _ in running.values():
            assert gateway.look()


def judged(folder: Path, report: SourceReport, sent: float, dropped: int) -> Taken:
    store = MediaStore(folder / "media")
    keeper = Keeper(folder, store, SystemClock())
    while (closed := read_closed(folder / RECORDINGS_FOLDER / "m")) is None:
        keeper.turn()
        time.sleep(0.3)
    media = closed.recording.media
    assert media is not None, closed.recording.reason
    seen = read_ts(store.path(media.key, ".mp4"))
    frames = [one.frame for one in seen if one.ident == 9 and one.frame is not None]
    recording = closed.recording
    length = media.length.total_seconds()
    return Taken(report, sent, dropped, frames, length, recording.state, recording.reason)


@pytest.mark.parametrize("name", WAYS)
def test_it_is_recorded_whole_while_its_reader_hangs(taken: dict[str, Taken], name: str) -> None:
    one = taken[name]
    print(name, len(one.frames), one.frames[:1], one.frames[-1:], one.length, one.dropped)
    assert one.report.has_signal
    assert one.state is RecordingState.WHOLE, one.reason
    assert one.dropped > 0
    assert one.frames[0] < 5 * 30
    assert one.frames[-1] > (one.sent - BEHIND.get(name, 2)) * 30
    if name != "rebooted":
        assert one.frames == list(range(one.frames[0], one.frames[-1] + 1))
        assert abs(one.length - len(one.frames) / 29.97) < 0.5


def test_an_encoder_that_reboots_loses_what_it_did_not_send(taken: dict[str, Taken]) -> None:
    frames = taken["rebooted"].frames
    assert frames == sorted(set(frames))
    missing = set(range(frames[0], frames[-1] + 1)) - set(frames)
    assert len(missing) <= 3
