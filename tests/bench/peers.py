"""The same clips through players that are installed here, judged by the same eyes."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figures import Figure
from bench.joins import judge_pictures
from support.capture import read_ts
from support.clips import Clip

PATIENCE = 600.0


def _ffmpeg(clips: Sequence[Clip], folder: Path) -> list[str]:
    """The concat demuxer, encoded to one stream."""
    listed = folder / "list.txt"
    listed.write_text("".join(f"file '{clip.path}'\n" for clip in clips))
    words = ["ffmpeg", "-v", "error", "-y", "-f", "concat", "-safe", "0", "-i", str(listed)]
    words += ["-vf", "scale=640:360", "-r", "30000/1001", "-c:v", "libx264", "-preset", "superfast"]
    return [*words, "-c:a", "mp2", str(folder / "ffmpeg.ts")]


def _melt(clips: Sequence[Clip], folder: Path) -> list[str]:
    """MLT's own playlist, to a file as fast as it goes."""
    words = ["melt", "-silent", "-profile", "atsc_720p_2997", *[str(clip.path) for clip in clips]]
    target = f"avformat:{folder / 'melt.ts'}"
    return [*words, "-consumer", target, "vcodec=libx264", "preset=superfast", "acodec=mp2"]


PEERS: dict[str, Callable[[Sequence[Clip], Path], list[str]]] = {"ffmpeg": _ffmpeg, "melt": _melt}


def measure(clips: Sequence[Clip], folder: Path) -> list[Figure]:
    """Figures of each peer that is installed; one that fails is said to have failed."""
    found: list[Figure] = []
    for name, words in PEERS.items():
        if shutil.which(name) is None:
            continue
        try:
            subprocess.run(words(clips, folder), check=True, timeout=PATIENCE, capture_output=True)
            found += judge_pictures(read_ts(folder / f"{name}.ts"), clips, name)
        except (subprocess.SubprocessError, OSError) as error:
            note = type(error).__name__
            found.append(Figure("joins", "runs that failed", 1, "runs", None, name, note))
    return found
