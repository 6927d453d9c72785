"""What a companion costs: the processor time of its child, as a share of the length of the film.

`GAVEL_SOAK_MINUTES` sets the length of each film, 20 unless told; 240 is a meeting of four hours.
The film repeats a minute of noisy pictures, because noise costs decoder and encoder most.
"""

import os
import resource
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from media.companion import FilmOrder, make_companion

pytestmark = pytest.mark.soak
MINUTES = float(os.environ.get("GAVEL_SOAK_MINUTES", "20"))
MOST_SHARE = 0.15
"""The largest share of its length that a companion may take, on one core."""
RATE = Fraction(30000, 1001)
PICTURE = "testsrc2=1280x720:rate=30000/1001,noise=alls=6:allf=t"
FILMS = {
    "h264.mp4": (("-c:v", "libx264", "-preset", "veryfast", "-b:v", "5M", "-c:a", "aac"), False),
    "mpeg2.mpg": (("-c:v", "mpeg2video", "-b:v", "8M", "-c:a", "mp2"), True),
}
"""Codings of recordings, and whether browsers need a small copy of them."""


def film(folder: Path, name: str, coding: Sequence[str]) -> Path:
    minute, whole = folder / f"minute-{name}", folder / name
    source = ["-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", "sine=440:r=48000"]
    seconds = min(60.0, MINUTES * 60)
    run([*source, "-t", str(seconds), "-pix_fmt", "yuv420p", *coding, str(minute)])
    repeats = max(0, round(MINUTES * 60 / seconds) - 1)
    run(["-stream_loop", str(repeats), "-i", str(minute), "-c", "copy", str(whole)])
    return whole


def run(words: list[str]) -> None:
    subprocess.run(["ffmpeg", "-v", "fatal", "-y", *words], check=True)


@pytest.mark.parametrize("name", FILMS)
def test_a_companion_takes_a_small_share_of_its_film_on_one_core(name: str, tmp_path: Path) -> None:
    coding, copied = FILMS[name]
    length = timedelta(minutes=MINUTES)
    order = FilmOrder(film(tmp_path, name, coding), Path(name).suffix, length, RATE)
    made = tmp_path / "made"
    made.mkdir()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    strips = make_companion(order, made, None)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    share = used / length.total_seconds()
    print(f"{name}: {used:.1f} s of the processor for {length}, {share:.1%} of its length")

    assert strips.has_companion is copied
    assert share < MOST_SHARE
