"""Processor and memory of one channel, process by process, beside ffmpeg doing the same transcode.

The channel is a whole one, as `gavel-playout run` starts it, with no server: its plan and files lie
on its disk. Two files air in turn, ten seconds each, so both decks have played. Memory is
proportional (PSS): a ring that five processes share counts once.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure
from support.captured_airing import children_of
from support.plans import item, plan
from support.ports import free_udp_port

from media.store import MediaStore
from playout.engine.outputs.encode import ONE_THREAD_UP_TO, Encode
from playout.model.plan import Media
from playout.model.wire import encode

CHANNEL = "ch13"
RATE = "30000/1001"
FORMATS = (f"640x360@{RATE}", f"1280x720@{RATE}", f"1920x1080@{RATE}")
EACH = timedelta(seconds=10)
SETTLE = 27.0
"""Seconds from the start of a run until both decks have been on air."""
MOST_MEMORY_MB = {FORMATS[1]: 400.0}
MOST_TIMES_FFMPEG = 1.2
AS_LIBVLC_ASKS = [
    *("-partitions", "+parti4x4+parti8x8+partp8x8", "-sc_threshold", "0", "-nal-hrd", "cbr"),
    *("-qmin", "10", "-qmax", "51"),
]
"""What libVLC asks of x264 besides the preset. With it both streams carry the same options of x264,
word for word; without it ffmpeg's encoder does 3 % less work, and its picture is 0.5 dB worse
(SSIM of the test film)."""


def spent(pid: int) -> float:
    """Return the processor seconds a process has used so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return a process's proportional share of memory, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


def clip(folder: Path, house: str, number: int) -> Path:
    """Make a film of ten seconds in the size of the house format: a test picture in motion."""
    path, size = folder / f"{number}-{house.split('@')[0]}.mp4", house.split("@")[0]
    words = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=s={size}:r={RATE}"]
    words += ["-f", "lavfi", "-i", f"sine=f={400 + 100 * number}:r=48000", "-t", "10.1"]
    words += ["-pix_fmt", "yuv420p", "-preset", "veryfast", "-g", "60", "-ac", "2", str(path)]
    subprocess.run(words, check=True)
    return path


def lay_out(folder: Path, house: str, files: list[Path], port: int, seconds: float) -> Path:
    """Write settings, files and a plan of them in turn. Return the settings file."""
    store, now = MediaStore(folder / "media"), datetime.now(UTC)
    media = []
    for path in files:
        size = path.stat().st_size
        key, _ = store.add(path)
        media.append(Media(key, ".mp4", size, EACH, Fraction(RATE)))
    begin = now + timedelta(seconds=5)
    items = [
        item(f"{n}", begin + EACH * n, EACH, media=media[n % 2])
        for n in range(round((SETTLE + seconds) / 10) + 1)
    ]
    hour = timedelta(hours=1)
    made = replace(plan(*items), made_at=now, starts=now - hour, ends=now + hour)
    home = folder / "air" / CHANNEL
    home.mkdir(parents=True, mode=0o700)
    (home / "plan.json").write_bytes(encode(made))
    text = f'data_dir = "{folder}"\nserver_url = "http://127.0.0.1:9"\nhost_key = "none"\n'
    text += f'[channels.{CHANNEL}]\nformat = "{house}"\noutputs = ["udp://127.0.0.1:{port}"]\n'
    (folder / "gavel.toml").write_text(text)
    return folder / "gavel.toml"


def watched(pids: Mapping[str, int], seconds: float) -> dict[str, tuple[float, float]]:
    """Return the cores and the MB that each process uses over some seconds; one that ends in
    them is left out.
    """
    before, begin = {name: spent(pid) for name, pid in pids.items()}, time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - begin
    there = {name: pid for name, pid in pids.items() if Path(f"/proc/{pid}/smaps_rollup").exists()}
    return {name: ((spent(p) - before[name]) / took, memory_mb(p)) for name, p in there.items()}


def channel(
    folder: Path, house: str, files: list[Path], seconds: float
) -> dict[str, tuple[float, float]]:
    """Return what each process of a channel takes while it airs these films in turn."""
    settings = lay_out(folder, house, files, free_udp_port(), seconds)
    words = [str(Path(sys.executable).with_name("gavel-playout")), "run", CHANNEL]
    environment = os.environ | {"GAVEL_CONFIG": str(settings)}
    with (folder / "air.txt").open("wb") as log:
        running = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    try:
        time.sleep(SETTLE)
        return watched(children_of(running.pid) | {"supervisor": running.pid}, seconds)
    finally:
        running.terminate()
        running.wait(20)


def alike(house: str, film: Path, seconds: float) -> float:
    """Return the cores that ffmpeg takes to decode and encode the same film as a channel does."""
    asked, second = Encode(), round(Fraction(RATE))
    words = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(film)]
    words += ["-c:v", "libx264", "-preset", asked.preset, "-tune", "zerolatency", "-bf", "0"]
    words += ["-g", str(second), "-keyint_min", str(second), "-refs", "1", *AS_LIBVLC_ASKS]
    width, height = (int(side) for side in house.split("@")[0].split("x"))
    if width * height * Fraction(RATE) <= ONE_THREAD_UP_TO:
        words += ["-threads", "1"]
    words += ["-b:v", f"{asked.video_kbps}k"]
    words += ["-maxrate", f"{asked.video_kbps}k", "-bufsize", f"{asked.video_kbps * 0.3:.0f}k"]
    words += ["-c:a", "mp2", "-b:a", f"{asked.audio_kbps}k", "-f", "mpegts"]
    running = subprocess.Popen([*words, f"udp://127.0.0.1:{free_udp_port()}"])
    try:
        time.sleep(3)
        return watched({"ffmpeg": running.pid}, seconds)["ffmpeg"][0]
    finally:
        running.terminate()
        running.wait(20)


def figures_of(folder: Path, house: str, seconds: float) -> list[Figure]:
    """Measure one house format."""
    folder.mkdir(parents=True, exist_ok=True)
    films = [clip(folder, house, number) for number in range(2)]
    peer = alike(house, films[0], seconds)
    found = channel(folder, house, films, seconds)
    cores, size = sum(one for one, _ in found.values()), house.split("@")[0]
    memory = sum(one for _, one in found.values())
    by_cores = ", ".join(f"{name} {one:.2f}" for name, (one, _) in sorted(found.items()))
    by_memory = ", ".join(f"{name} {one:.0f}" for name, (_, one) in sorted(found.items()))
    most = MOST_MEMORY_MB.get(house)
    return [
        Figure("cpu", f"{size}, processor", cores, "cores", note=by_cores),
        Figure("cpu", f"{size}, ffmpeg", peer, "cores"),
        Figure("cpu", f"{size}, times ffmpeg", cores / peer, "times", MOST_TIMES_FFMPEG),
        Figure("cpu", f"{size}, memory", memory, "MB", most, note=by_memory),
    ]


def measure(folder: Path, quick: bool) -> Measured:
    """Measure each size in turn, with x264 at a channel's default preset; `quick`, 720p alone."""
    seconds = 20.0 if quick else 30.0
    houses = FORMATS[1:2] if quick else FORMATS
    return Measured(
        [
            one
            for house in houses
            for one in figures_of(folder / house.split("@")[0], house, seconds)
        ]
    )
