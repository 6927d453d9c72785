"""One channel with clean targets, and with others that hang or refuse for a while."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from soak.evening import fill, small_disk
from soak.own_channels import OwnChannel, OwnChannels, memory_mb
from soak.receivers import Receiver, UnreadServer, rtmp_receiver, srt_receiver
from soak.target_judge import Hang, Sample
from support.clips import Clip
from support.ports import free_tcp_port, free_udp_port

from config.readjson import read_json
from playout.engine.links.stream_file import STREAM_FILE
from playout.engine.links.target_state import read_state, state_file

CHANNEL, HOUSE = "ch13", "640x360@30000/1001"
SETTINGS = 'video_kbps = 1500\npreset = "ultrafast"\n'
RELAY = "stream relay"
LEAD = 12.0
DISK_MB = 120
LONGEST_LIST = 14_400
"""Seconds of program that the HLS folders keep: more than a run lasts."""
MEMORY_EVERY, STATUS_EVERY = 5, 5
"""Seconds, and so samples, between two looks."""
CLEAN = {2: "SRT", 3: "RTMP", 4: "HLS", 5: "file"}
BAD = {
    6: "SRT, receiver stopped", 7: "SRT, nobody listens", 8: "RTMP, nobody reads",
    9: "RTMP, refused", 10: "HLS, full disk", 11: "file, full disk",
}  # fmt: skip
BAD_FROM_START = (7, 8, 9)
"""Numbers of outputs that nobody takes from the beginning on."""


@dataclass
class Witness:
    """Everything that was sampled while the channel ran."""

    samples: list[Sample] = field(default_factory=list)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """For each process of the way out, MB (PSS) by UTC seconds."""
    pids: list[dict[str, int]] = field(default_factory=list)
    status: list[tuple[float, list[str]]] = field(default_factory=list)
    """What the channel's status told staff, by UTC seconds."""

    def look(self, channels: OwnChannels, turn: int) -> None:
        """Take one sample; memory and status less often."""
        home, at = channels.home(CHANNEL), time.time()
        states = {n: read_state(state_file(home, n - 1)) for n in (*CLEAN, *BAD)}
        relay = None
        with suppress(OSError, ValueError):
            relay = read_json(home / STREAM_FILE)
        told = {number: state for number, state in states.items() if state is not None}
        self.samples.append(Sample(at, told, relay if isinstance(relay, dict) else {}))
        if turn % MEMORY_EVERY == 0:
            found = channels.processes(CHANNEL)
            mine = {n: p for n, p in found.items() if n == RELAY or n.startswith("output ")}
            self.pids.append(mine)
            for name, size in memory_mb(mine).items():
                self.memory.setdefault(name, []).append((at, size))
        if turn % STATUS_EVERY == 0:
            self.status.append((at, channels.problems(CHANNEL)))


@contextmanager
def watched(channels: OwnChannels) -> Iterator[Witness]:
    """Sample the channel once a second while the block runs, and once more at its end."""
    witness, over = Witness(), threading.Event()

    def watch() -> None:
        turn, due = 0, time.monotonic()
        while not over.is_set():
            witness.look(channels, turn)
            turn, due = turn + 1, due + 1
            over.wait(max(0.0, due - time.monotonic()))
        witness.look(channels, 0)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield witness
    finally:
        over.set()
        thread.join()


class Scene:
    """The other sides of all targets, in one folder. Outputs are counted from 1; the first one is
    plain UDP.
    """

    def __init__(self, folder: Path, udp: int) -> None:
        self.folder, self.disk = folder, folder / "disk"
        self.ballast = self.disk / "ballast"
        ports = {number: _free(number) for number in (2, 3, 6, 7, 9)}
        make: dict[int, Callable[[Path, int], Receiver]] = {
            2: srt_receiver, 3: rtmp_receiver, 6: srt_receiver, 7: srt_receiver, 9: rtmp_receiver,
        }  # fmt: skip
        self.receivers = {n: make[n](folder / f"got-{n}", port) for n, port in ports.items()}
        self.unread = UnreadServer()
        self.folders = {4: folder / "hls", 10: self.disk / "hls"}
        self.files = {5: folder / "file.ts", 11: self.disk / "file.ts"}
        keep = f"?keep={LONGEST_LIST}"
        self.outputs = [
            f"udp://127.0.0.1:{udp}", f"srt://127.0.0.1:{ports[2]}",
            f"rtmp://127.0.0.1:{ports[3]}/live/key", f"hls:{self.folders[4]}{keep}",
            str(self.files[5]), f"srt://127.0.0.1:{ports[6]}", f"srt://127.0.0.1:{ports[7]}",
            f"rtmp://127.0.0.1:{self.unread.port}/live/key",
            f"rtmp://127.0.0.1:{ports[9]}/live/key", f"hls:{self.folders[10]}{keep}",
            str(self.files[11]),
        ]  # fmt: skip

    def start(self) -> None:
        """Start every receiver that is there from the beginning."""
        for number in (2, 3, 6):
            self.receivers[number].start()

    def hang(self) -> None:
        """Let the rest of the bad ones hang."""
        self.receivers[6].freeze()
        fill(self.ballast)

    def end_hang(self) -> None:
        """Make all of them good."""
        self.receivers[6].thaw()
        for number in (7, 9):
            self.receivers[number].start()
        self.unread.thaw()
        self.ballast.unlink()

    def end(self) -> None:
        """End every receiver, and take what lies on the small disk away from it."""
        for receiver in self.receivers.values():
            receiver.end()
        self.unread.end()
        if self.files[11].exists():
            shutil.copy(self.files[11], self.folder / "file-full.ts")
        if self.folders[10].exists():
            shutil.copytree(self.folders[10], self.folder / "hls-full", dirs_exist_ok=True)
        self.files[11], self.folders[10] = self.folder / "file-full.ts", self.folder / "hls-full"


@dataclass
class Aired:
    """A run: where everything lies, what was sampled, and when the bad targets were bad."""

    scene: Scene
    witness: Witness
    begin: float
    """UTC seconds of the first item."""
    hang: Hang
    end: float
    unread_before: int
    """Pictures that the server which reads nothing had read at the end of the hang."""

    def hang_of(self, number: int, started: float) -> Hang:
        """Return the time for which one target was bad."""
        return Hang(started, self.hang.end) if number in BAD_FROM_START else self.hang


def aired(
    folder: Path, clips: Sequence[Clip], ticks: int, udp: int, times: tuple[float, float, float]
) -> Aired:
    """Air clips for `times[2]` seconds; the bad targets are bad from the first to the second of
    these times. The small disk is mounted meanwhile.
    """
    hung, good, over = times
    with small_disk(folder / "disk", DISK_MB):
        scene = Scene(folder, udp)
        scene.start()
        one = OwnChannel(CHANNEL, scene.outputs, clips)
        channels = OwnChannels(folder / "air", [one], HOUSE, ticks, over, LEAD, SETTINGS)
        try:
            with channels, watched(channels) as witness:
                channels.wait(hung)
                begin = time.time()
                scene.hang()
                channels.wait(good)
                end, before = time.time(), scene.unread.pictures
                scene.end_hang()
                channels.wait(over)
        finally:
            scene.end()
    began = channels.begin.timestamp()
    return Aired(scene, witness, began, Hang(begin, end), began + over, before)


def _free(number: int) -> int:
    """Return a free port of the kind that an output needs."""
    return free_tcp_port() if number in (3, 9) else free_udp_port()
