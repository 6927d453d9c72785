"""Gavel and other installed players on the same clips, judged by the same functions.

None of the others has a schedule: each plays the clips back to back as its manual says, and its
starts are counted from its own first picture.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from bench.chapters import Measured
from bench.figures import Figure
from bench.joins import air, firsts, judge_pictures, make_clips, used
from support.capture import Capture, CapturedPicture, read_ts
from support.capture_analysis import runs
from support.clips import Clip
from support.ports import free_udp_port
from support.screen import Screen
from support.transport import check_transport

RATE = Fraction(25)
"""All of them know 25 pictures a second; Liquidsoap knows whole numbers only."""
HOUSE = "640x360@25"
SPARE = 25.0
"""Seconds a player may take longer than its clips last."""
Words = Callable[[Sequence[Clip], Path, int], list[str]]


def _ffmpeg(clips: Sequence[Clip], folder: Path, port: int) -> list[str]:
    """Return the command of ffmpeg's concat demuxer."""
    listed = folder / "list.txt"
    listed.write_text("".join(f"file '{clip.path}'\n" for clip in clips))
    words = ["ffmpeg", "-v", "error", "-re", "-f", "concat", "-safe", "0", "-i", str(listed)]
    words += ["-vf", "scale=640:360,setsar=1", "-r", "25", "-c:v", "libx264"]
    words += ["-preset", "superfast", "-tune", "zerolatency", "-g", "25", "-c:a", "mp2"]
    return [*words, "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316"]


def _melt(clips: Sequence[Clip], folder: Path, port: int) -> list[str]:
    """Return the command of MLT's playlist."""
    del folder
    words = ["melt", "-silent", *[str(clip.path) for clip in clips], "-profile", "atsc_720p_25"]
    words += ["-consumer", f"avformat:udp://127.0.0.1:{port}?pkt_size=1316", "f=mpegts"]
    words += [
        "vcodec=libx264",
        "preset=superfast",
        "tune=zerolatency",
        "g=25",
        "acodec=mp2",
        "s=640x360",
    ]
    return [*words, "real_time=1", "terminate_on_pause=1"]


def _liquidsoap(clips: Sequence[Clip], folder: Path, port: int) -> list[str]:
    """Return the command of a Liquidsoap sequence of files, encoded by its ffmpeg encoder."""
    songs = ", ".join(f'once(single("{clip.path}"))' for clip in clips)
    script = folder / "play.liq"
    script.write_text(
        'set("init.allow_root", true)\nset("frame.video.width", 640)\n'
        'set("frame.video.height", 360)\nset("frame.video.framerate", 25)\n'
        f"s = sequence([{songs}])\n"
        f'output.url(fallible=true, url="udp://127.0.0.1:{port}?pkt_size=1316",\n'
        '  %ffmpeg(format="mpegts", %audio(codec="mp2"),\n'
        '    %video(codec="libx264", preset="superfast", tune="zerolatency", g=25)), s)\n'
    )
    return ["liquidsoap", str(script)]


def _cvlc(clips: Sequence[Clip], folder: Path, port: int) -> list[str]:
    """Return the command of VLC's playlist and stream output."""
    del folder
    code = "vcodec=h264,venc=x264{preset=superfast,tune=zerolatency,keyint=25},vb=1500,fps=25"
    chain = f"#transcode{{{code},width=640,height=360,acodec=mpga,ab=128,channels=2,"
    chain += f"samplerate=48000}}:std{{access=udp,mux=ts,dst=127.0.0.1:{port}}}"
    as_nobody = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    words = ["cvlc", "--quiet", *[str(clip.path) for clip in clips], "--sout", chain]
    return [*as_nobody, *words, "--sout-keep", "vlc://quit"]


def _mpv(clips: Sequence[Clip], folder: Path, port: int) -> list[str]:
    """Return the command of mpv's playlist on a screen: mpv has no stream output."""
    del folder, port
    words = ["mpv", "--no-config", "--vo=x11", "--ao=null", "--fs", "--no-osc", "--really-quiet"]
    return [*words, *[str(clip.path) for clip in clips]]


PEERS: dict[str, Words] = {
    "melt": _melt,
    "liquidsoap": _liquidsoap,
    "ffmpeg": _ffmpeg,
    "cvlc": _cvlc,
    "mpv": _mpv,
}


@dataclass
class Heard:
    """What was received of a player, and the processors it used."""

    seen: list[CapturedPicture]
    cores: float
    said: str = ""
    stream: Path | None = None


def streamed(words: list[str], seconds: float, folder: Path, port: int) -> Heard:
    """Run a player that sends to a UDP port."""
    path = folder / "air.ts"
    with Capture(port, path):
        said, cores = _run(words, seconds + SPARE, folder, {})
        time.sleep(0.5)
    return Heard(read_ts(path), cores, said, path)


def shown(words: list[str], seconds: float, folder: Path) -> Heard:
    """Run a player that draws on a screen, sampled 150 times a second."""
    with Screen(folder, 640, 360) as screen:
        said, cores = _run(words, seconds + SPARE, folder, {"DISPLAY": screen.display})
        glances = screen.glances
    shift = time.time() - time.monotonic()
    seen = [
        CapturedPicture(one.at, one.ident, one.frame, 100.0, arrived=one.at + shift)
        for one in glances
        if one.ident >= 0
    ]
    return Heard(seen, cores, said)


def _run(words: list[str], most: float, folder: Path, more: dict[str, str]) -> tuple[str, float]:
    """Run a player; return its error messages and the processors it used."""
    before, begin = used(), time.monotonic()
    with (folder / "said").open("wb") as said:
        player = subprocess.Popen(words, stdout=said, stderr=said, env=os.environ | more)
        with suppress(subprocess.TimeoutExpired):
            player.wait(most)
        if player.poll() is None:
            player.terminate()
        try:
            player.wait(10)
        except subprocess.TimeoutExpired:
            player.kill()
            player.wait()
    cores = (used() - before) / (time.monotonic() - begin)
    complaints = (folder / "said").read_text(errors="replace").split("\n")
    return " / ".join(line.strip() for line in complaints if "rror" in line)[-200:], cores


def judge(heard: Heard, clips: Sequence[Clip], subject: str, group: str) -> list[Figure]:
    """Judge a player by the same figures as all others."""
    figures = judge_pictures(heard.seen, clips, subject, group)
    late = lateness(heard.seen, clips)
    each = late[-1][1] / late[-1][0] if late[1:] else 1e9
    figures += [
        Figure(group, "longest pause at a join", pause(heard.seen) * 1000, "ms", None, subject),
        Figure(group, "start off its time, worst", _worst(late), "ms", None, subject),
        Figure(group, "drift per item", each, "ms", None, subject),
        Figure(group, "processor", heard.cores, "cores", None, subject),
    ]
    if heard.stream is not None:
        errors = len(check_transport(heard.stream).continuity_errors)
        figures.append(Figure(group, "continuity errors", errors, "errors", None, subject))
    return figures


def _worst(late: Sequence[tuple[int, float]]) -> float:
    return max((abs(ms) for _, ms in late), default=1e9)


def lateness(seen: Sequence[CapturedPicture], clips: Sequence[Clip]) -> list[tuple[int, float]]:
    """Of each clip seen: its place, and ms its first picture arrived after it should have."""
    first, due, found = firsts(seen), 0.0, []
    zero = first[clips[0].ident].arrived if clips[0].ident in first else None
    for place, clip in enumerate(clips):
        one = first.get(clip.ident)
        if one is not None and zero is not None and one.arrived is not None:
            skipped = float((one.frame or 0) / (clip.rate or RATE))
            found.append((place, (one.arrived - zero - due - skipped) * 1000))
        due += float(clip.seconds)
    return found


def pause(seen: Sequence[CapturedPicture]) -> float:
    """Return the longest pause at a join: seconds beyond one frame from a clip to the next."""
    gaps = [
        b.seen[0].arrived - a.seen[-1].arrived - float(1 / RATE)
        for a, b in pairwise(runs(seen))
        if a.ident != b.ident and a.seen[-1].arrived and b.seen[0].arrived
    ]
    return max(gaps, default=1e6)


def gavel(clips: Sequence[Clip], folder: Path) -> Heard:
    """Air the clips with Gavel."""
    aired = air(clips, folder, HOUSE)
    return Heard(aired.seen, aired.cpu_seconds / aired.wall_seconds, "", aired.capture)


def hear(name: str, clips: Sequence[Clip], folder: Path) -> tuple[Heard, str]:
    """Run one player on the clips; return what was received and its command line."""
    folder.mkdir(parents=True)
    if name == "gavel":
        return gavel(clips, folder), f"gavel-playout play CLIPS --format {HOUSE}"
    port, seconds = free_udp_port(), float(sum(clip.seconds for clip in clips))
    words = PEERS[name](clips, folder, port)
    heard = (
        shown(words, seconds, folder) if name == "mpv" else streamed(words, seconds, folder, port)
    )
    return heard, _line(words, clips)


def _line(words: Sequence[str], clips: Sequence[Clip]) -> str:
    """Return the command for a reader to repeat: CLIPS for all clips, files without folders."""
    paths = {str(clip.path) for clip in clips}
    kept = ["CLIPS" if word in paths else word for word in words]
    once = [word for word, next_one in pairwise([*kept, ""]) if (word, next_one) != ("CLIPS",) * 2]
    return " ".join(Path(word).name if word.startswith("/") else word for word in once)


def alike(folder: Path, quick: bool) -> Measured:
    """Compare all players on clips of one kind, the easy case."""
    return _everybody(folder, quick, "alike", False)


def mixed(folder: Path, quick: bool) -> Measured:
    """Compare all players on clips of three kinds, like recordings of different cameras."""
    return _everybody(folder, quick, "mixed", True)


def _everybody(folder: Path, quick: bool, group: str, mix: bool) -> Measured:
    count, seconds = (3, 2.0) if quick else (7, 4.0)
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    clips = make_clips(folder / "clips", count, seconds, RATE, mix)
    found = Measured([])
    for name in ("gavel", *PEERS):
        if name != "gavel" and shutil.which(name) is None:
            found.words[name] = "is not installed"
            continue
        heard, line = hear(name, clips, folder / name)
        found.figures += judge(heard, clips, name, group)
        found.curves[name] = [(n, ms) for n, ms in lateness(heard.seen, clips)]
        found.words[name] = f"`{line}`" + (f" said: {heard.said}" if heard.said else "")
    return found
