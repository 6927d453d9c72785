"""A prober without files: tests say what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

from config.names import AssetKey
from media.asset import AssetFacts
from media.captions.facts import CaptionFacts
from media.captions.track import CaptionTrack
from media.confine import Progress
from media.probe import ProbeError
from media.store import content_key

A_FILE = AssetFacts(
    key=AssetKey("0" * 64), suffix=".mp4", size=1, container="mp4", length=timedelta(seconds=60),
    rate=Fraction(30000, 1001), width=1280, height=720, interlaced=False, variable_rate=False,
    video_codec="h264", audio_codec="aac", channels=2, sample_rate=48000, loudness=-24.0,
    gain_db=0.0, has_picture=True, has_sound=True, captions=False, decode_speed=20.0,
)  # fmt: skip
"""Facts of an unremarkable minute of video."""


@dataclass
class FakeProber:
    """Finds `facts` in every file, or the entry in `by_name`; `refuse` maps names to sentences."""

    facts: AssetFacts = A_FILE
    by_name: Mapping[str, AssetFacts] = field(default_factory=dict)
    refuse: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    found_captions: tuple[CaptionTrack, CaptionFacts] | None = None
    """The captions inside every file, and in every caption file."""

    def probe(self, path: Path, *, key: AssetKey | None = None, name: str = "") -> AssetFacts:
        """See media.probe.Prober."""
        name = name or path.name
        self.asked.append(f"probe {name}")
        if name in self.refuse:
            raise ProbeError(self.refuse[name])
        found = self.by_name.get(name, self.facts)
        return replace(found, key=key or content_key(path), size=path.stat().st_size)

    def measure(
        self, path: Path, facts: AssetFacts, *, name: str = "", progress: Progress | None = None
    ) -> AssetFacts:
        """See media.probe.Prober."""
        self.asked.append(f"measure {name or path.name}")
        if progress is not None:
            progress(1.0)
        return facts

    def thumbnail(
        self, path: Path, *, name: str = "", first: timedelta | None = None
    ) -> bytes | None:
        """See media.probe.Prober."""
        place = f" at {first.total_seconds():.2f}" if first is not None else ""
        self.asked.append(f"thumbnail {name or path.name}{place}")
        return f"\xff\xd8a picture{place}".encode("latin-1") if self.facts.has_picture else None

    def house_copy(
        self,
        path: Path,
        facts: AssetFacts,
        to: Path,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> None:
        """See media.probe.Prober."""
        self.asked.append(f"house_copy {name or path.name}")
        to.write_bytes(b"house copy of " + path.read_bytes())

    def font(self, path: Path, *, name: str = "") -> str:
        """See Prober."""
        self.asked.append(f"font {name or path.name}")
        return f"Font of {name or path.name}"

    def layer(self, path: Path, to: Path, *, name: str = "") -> None:
        """See media.probe.Prober."""
        self.asked.append(f"layer {name or path.name}")
        to.write_bytes(b"layer of " + path.read_bytes())

    def remux(self, path: Path, to: Path, *, progress: Progress | None = None) -> None:
        """See media.probe.Prober."""
        self.asked.append("remux")
        if "remux" in self.refuse:
            raise ProbeError(self.refuse["remux"])
        to.write_bytes(b"rewrapped " + path.read_bytes())

    def captions(
        self,
        path: Path,
        facts: AssetFacts,
        to: Path,
        *,
        name: str = "",
        progress: Progress | None = None,
    ) -> CaptionFacts | None:
        """See media.probe.Prober."""
        self.asked.append(f"captions {name or path.name}")
        return self._write(to) if self.found_captions is not None else None

    def sidecar(self, path: Path, length: timedelta, to: Path, *, name: str = "") -> CaptionFacts:
        """See media.probe.Prober."""
        name = name or path.name
        self.asked.append(f"sidecar {name}")
        if name in self.refuse:
            raise ProbeError(self.refuse[name])
        if self.found_captions is None:
            raise ProbeError("There are no captions in this file.")
        return self._write(to)

    def _write(self, to: Path) -> CaptionFacts:
        assert self.found_captions is not None
        track, facts = self.found_captions
        to.write_bytes(track.to_bytes())
        return facts
