"""The prober: asks a confined child what a media file is. Unvetted files are opened nowhere
else."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from config.names import AssetKey
from media.asset import FACTS, AssetFacts
from media.captions.facts import CAPTION_FACTS, CaptionFacts
from media.captions.track import MOST_BYTES, CaptionError, CaptionTrack
from media.confine import ConfinedError, Limits, Progress, run_confined
from media.formats import FormatError, ordinary_file
from media.store import MediaError, content_key

CHILD = "media.probe_child"
LARGEST_LAYER_BYTES = 16 << 20
"""Bytes of the largest PNG of 1920 by 1080 that noise can make, and half as much again."""
Run = Callable[[str, dict[str, Any], Limits, Progress | None], dict[str, Any]]


class ProbeError(Exception):
    """A file that cannot go on air; the sentence is for staff."""


class Prober(Protocol):
    """The questions that ingest asks about files. ConfinedProber answers them; FakeProber does in
    tests.

    `name` is the file's name as people know it, where `path` is a temporary one. All methods raise
    ProbeError.
    """

    def probe(self, path: Path, *, key: AssetKey | None = None, name: str = "") -> AssetFacts:
        """Return the facts in headers and first pictures; quick. `key` saves hashing the file."""

    def measure(
        self, path: Path, facts: AssetFacts, *, name: str = "", progress: Progress | None = None
    ) -> AssetFacts:
        """Complete the facts by reading the whole file."""

    def thumbnail(
        self, path: Path, *, name: str = "", first: timedelta | None = None
    ) -> bytes | None:
        """Return a small JPEG, or None for sound alone; with `first`, of that place, or of one
        shortly after it where that picture is dull.
        """

    def house_copy(
        self,
        path: Path,
        facts: AssetFacts,
        to: Path,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> None:
        """Write a copy that airs everywhere to `to` (`.mp4`, for stills `.png`)."""

    def layer(self, path: Path, to: Path, *, name: str = "") -> None:
        """Write a PNG or JPEG picture to `to` as a plain PNG that keeps what is clear."""

    def font(self, path: Path, *, name: str = "") -> str:
        """Return the name of a font that can draw what bulletins need; see media.fonts."""

    def remux(self, path: Path, to: Path, *, progress: Progress | None = None) -> None:
        """Write an MPEG stream to `to` as an indexed MP4.

        Nothing is encoded again, and the copy has been compared with the stream; see media.remux.
        """

    def captions(
        self,
        path: Path,
        facts: AssetFacts,
        to: Path,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> CaptionFacts | None:
        """Write the captions inside a file to `to` as a track, and return their facts; None where
        it has none. Their times count from `facts.begin`.
        """

    def sidecar(self, path: Path, length: timedelta, to: Path, *, name: str = "") -> CaptionFacts:
        """Write the captions of a caption file to `to` as a track for a file of this length."""


class ConfinedProber:
    """A prober that does everything in a child with bounded time and memory and no network."""

    def __init__(self, *, timeout: float = 30.0) -> None:
        self._timeout = timeout

    def probe(self, path: Path, *, key: AssetKey | None = None, name: str = "") -> AssetFacts:
        """See Prober."""
        try:
            if ordinary_file(path) == 0:
                raise FormatError("The file is empty.")
            key = key or content_key(path)
        except (FormatError, MediaError) as error:
            raise ProbeError(str(error)) from error
        limits = Limits(cpu_seconds=round(self._timeout), wall_seconds=self._timeout * 2)
        result = self._run("probe", path, name, limits, None, key=key)
        return FACTS.validate_python(result["facts"])

    def measure(
        self, path: Path, facts: AssetFacts, *, name: str = "", progress: Progress | None = None
    ) -> AssetFacts:
        """See Prober."""
        length = facts.length.total_seconds()
        limits = Limits(
            cpu_seconds=round(120 + 4 * length), wall_seconds=600 + 12 * length, niceness=10
        )
        job = {"facts": FACTS.dump_python(facts, mode="json")}
        result = self._run("measure", path, name, limits, progress, **job)
        return FACTS.validate_python(result["facts"])

    def thumbnail(
        self, path: Path, *, name: str = "", first: timedelta | None = None
    ) -> bytes | None:
        """See Prober."""
        limits = Limits(cpu_seconds=round(self._timeout), wall_seconds=self._timeout * 2)
        at = {"first": first.total_seconds()} if first is not None else {}
        jpeg = self._run("thumbnail", path, name, limits, None, **at).get("jpeg")
        return base64.b64decode(jpeg) if jpeg else None

    def house_copy(
        self,
        path: Path,
        facts: AssetFacts,
        to: Path,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> None:
        """See Prober."""
        length = facts.length.total_seconds()
        limits = Limits(
            cpu_seconds=round(300 + 30 * length),
            wall_seconds=900 + 60 * length,
            memory_bytes=6 << 30,
            file_bytes=round(200e6 + 6e6 * length),
            niceness=10,
        )
        job = {"facts": FACTS.dump_python(facts, mode="json"), "to": str(to.absolute())}
        self._run("house", path, name, limits, progress, **job)

    def font(self, path: Path, *, name: str = "") -> str:
        """See Prober."""
        limits = Limits(cpu_seconds=10, wall_seconds=30, memory_bytes=1 << 30)
        return str(self._run("font", path, name, limits, None)["name"])

    def layer(self, path: Path, to: Path, *, name: str = "") -> None:
        """See Prober."""
        limits = Limits(
            cpu_seconds=round(self._timeout),
            wall_seconds=self._timeout * 2,
            file_bytes=LARGEST_LAYER_BYTES,
        )
        self._run("layer", path, name, limits, None, to=str(to.absolute()))

    def remux(self, path: Path, to: Path, *, progress: Progress | None = None) -> None:
        """See Prober."""
        size = ordinary_file(path)
        limits = Limits(
            cpu_seconds=round(120 + size / 2e6),
            wall_seconds=600 + size / 5e5,
            file_bytes=round(1.2 * size + 64e6),
            niceness=10,
        )
        self._run("remux", path, to.name, limits, progress, to=str(to.absolute()))

    def captions(
        self,
        path: Path,
        facts: AssetFacts,
        to: Path,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> CaptionFacts | None:
        """See Prober."""
        length = facts.length.total_seconds()
        limits = Limits(
            cpu_seconds=round(60 + length),
            wall_seconds=300 + 4 * length,
            file_bytes=MOST_BYTES,
            niceness=10,
        )
        job = {"facts": FACTS.dump_python(facts, mode="json"), "to": str(to.absolute())}
        found = self._run("captions", path, name, limits, progress, **job).get("captions")
        return _whole(to, found) if found else None

    def sidecar(self, path: Path, length: timedelta, to: Path, *, name: str = "") -> CaptionFacts:
        """See Prober."""
        seconds = round(self._timeout)
        limits = Limits(cpu_seconds=seconds, wall_seconds=seconds * 2, file_bytes=MOST_BYTES)
        job = {"seconds": length.total_seconds(), "to": str(to.absolute())}
        result = self._run("sidecar", path, name, limits, None, **job)
        return _whole(to, result["captions"])

    def _run(
        self,
        do: str,
        path: Path,
        name: str,
        limits: Limits,
        progress: Progress | None,
        **more: Any,
    ) -> dict[str, Any]:
        job = {"do": do, "path": str(path.absolute()), "name": name or path.name, **more}
        try:
            return run_confined(CHILD, job, limits, progress)
        except ConfinedError as error:
            raise ProbeError(str(error)) from error


def _whole(to: Path, found: Any) -> CaptionFacts:
    """Return the facts of a track that the child wrote. Raises ProbeError unless it is one."""
    try:
        CaptionTrack.from_bytes(to.read_bytes())
        return CAPTION_FACTS.validate_python(found)
    except (CaptionError, OSError, ValidationError) as error:
        raise ProbeError("Its captions cannot be read.") from error


def probe(path: Path, *, timeout: float = 30.0) -> AssetFacts:
    """Return the facts in a file's headers and first pictures. Raises ProbeError with a
    sentence."""
    return ConfinedProber(timeout=timeout).probe(path)
