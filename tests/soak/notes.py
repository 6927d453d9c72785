"""What a soak run found, kept as JSON with its date, its command and the machine's own stalls."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, machine
from support.stalls import Stall

HOUSE = Path(__file__).parents[2]
LONG_NS = 100_000_000


def minutes(default: float) -> float:
    """How long to run: GAVEL_SOAK_MINUTES, else `default`."""
    return float(os.environ.get("GAVEL_SOAK_MINUTES", default))


def rounds(default: int) -> int:
    """How many rounds to play: GAVEL_SOAK_ROUNDS, else `default`."""
    return int(os.environ.get("GAVEL_SOAK_ROUNDS", default))


def folder() -> Path:
    """Where notes go: GAVEL_SOAK_NOTES, else docs/soak."""
    return Path(os.environ.get("GAVEL_SOAK_NOTES", HOUSE / "docs" / "soak"))


def revision() -> str:
    """The commit that was judged, with a plus when files were changed since; empty if unknown."""
    words = ["git", "describe", "--always", "--dirty=+"]
    said = subprocess.run(words, cwd=HOUSE, capture_output=True, text=True, check=False)
    return said.stdout.strip()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the file named in GAVEL_SOAK_LOCK, so that no other real-time run is beside this one."""
    name = os.environ.get("GAVEL_SOAK_LOCK")
    if not name:
        yield
        return
    with Path(name).open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def stalled(stalls: Sequence[Stall], seconds: float) -> dict[str, float]:
    """The machine's stalls in figures; only those of 100 ms and more are counted as time."""
    spans = [(stall.end - stall.begin) / 1e6 for stall in stalls]
    long = [span for span in spans if span >= LONG_NS / 1e6]
    return {
        "stalls over 20 ms": len(spans),
        "stalls over 100 ms": len(long),
        "longest ms": round(max(spans, default=0.0), 1),
        "percent of the time": round(sum(long) / 10 / seconds, 3),
    }


def note(
    name: str,
    title: str,
    figures: Sequence[Figure],
    stalls: Sequence[Stall],
    seconds: float,
    **about: object,
) -> None:
    """Write NAME.json: everything a reader needs to judge the run or to run it again."""
    given = [f"{key}={os.environ[key]}" for key in ENVIRONMENT if key in os.environ]
    content = {
        "title": title,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join([*given, "python -m pytest", *_asked()]),
        "seconds": round(seconds, 1),
        "revision": revision(),
        "machine": machine(),
        "stalls": stalled(stalls, seconds),
        "about": about,
        "figures": [_plain(one) for one in figures],
    }
    folder().mkdir(parents=True, exist_ok=True)
    (folder() / f"{name}.json").write_text(json.dumps(content, indent=1, default=str) + "\n")


def _plain(figure: Figure) -> dict[str, object]:
    return asdict(figure) | {"value": float(figure.value), "good": bool(figure.good)}


ENVIRONMENT = ("GAVEL_SOAK_MINUTES", "GAVEL_SOAK_ROUNDS", "GAVEL_SOAK_SEED")


def _asked() -> list[str]:
    """What pytest was told, but for where to put files and how much to say."""
    return [word for word in sys.argv[1:] if not word.startswith(("--basetemp", "-q", "-s"))]
