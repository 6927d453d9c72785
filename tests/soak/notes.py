"""Results of soak runs, kept as JSON with date, command and the machine's own stalls."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import ROOT, Figure, machine, revision, stalled
from support.stalls import Stall


def minutes(default: float) -> float:
    """Return how long to run: GAVEL_SOAK_MINUTES, else `default`."""
    return float(os.environ.get("GAVEL_SOAK_MINUTES", default))


def rounds(default: int) -> int:
    """Return how many rounds to play: GAVEL_SOAK_ROUNDS, else `default`."""
    return int(os.environ.get("GAVEL_SOAK_ROUNDS", default))


def folder() -> Path:
    """Return the folder of notes: GAVEL_SOAK_NOTES, else docs/soak."""
    return Path(os.environ.get("GAVEL_SOAK_NOTES", ROOT / "docs" / "soak"))


@contextmanager
def alone() -> Iterator[None]:
    """Lock the file named in GAVEL_SOAK_LOCK, so that real-time runs do not overlap."""
    name = os.environ.get("GAVEL_SOAK_LOCK")
    if not name:
        yield
        return
    with Path(name).open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def note(
    name: str,
    title: str,
    figures: Sequence[Figure],
    stalls: Sequence[Stall],
    seconds: float,
    **about: object,
) -> None:
    """Write NAME.json with everything a reader needs to judge or repeat the run."""
    given = [f"{key}={os.environ[key]}" for key in ENVIRONMENT if key in os.environ]
    content = {
        "title": title,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join([*given, "python -m pytest", *_pytest_arguments()]),
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


ENVIRONMENT = (
    *("GAVEL_SOAK_MINUTES", "GAVEL_SOAK_ROUNDS"),
    *("GAVEL_SOAK_SEED", "GAVEL_SOAK_CHANNELS"),
)
"""Variables that change a run; a run shortened by them is not a whole run."""


def _pytest_arguments() -> list[str]:
    """Return pytest's arguments without those about folders and verbosity."""
    return [word for word in sys.argv[1:] if not word.startswith(("--basetemp", "-q", "-s"))]
