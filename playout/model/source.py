"""A live source: its address, how its sound is conformed, and its gateway's report."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from config.bounded import STRICT, AiringRef, Instant, Name, Number


class SoundMap(StrEnum):
    """The channels of a source that become the two channels of the house format."""

    STEREO = "stereo"
    LEFT = "left"
    """The left channel on both sides: a chamber wired to one side only is normal."""
    RIGHT = "right"
    MONO = "mono"
    """Both sides mixed."""


@dataclass(frozen=True)
class Source:
    """One live source. Only engineers add one; its address may hold a key and is never shown."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    name: Name
    address: str = field(repr=False)
    """The address the gateway opens: srt, rtsp, rtmp, udp, rtp, http, https, v4l2 or `test:`.
    Secret: it may hold a key."""
    gain_db: Number = 0.0
    sound: SoundMap = SoundMap.STEREO
    limiter: bool = True
    expects: str = ""
    """The format engineers expect, `1920x1080@30000/1001`; empty for any."""
    starts_on_signal: bool = False
    """A late meeting goes on air when good signal comes; else an operator must start it."""
    ends_on_silence: bool = False
    """Ten minutes of silence after the expected end adjourn; else staff are only asked."""


@dataclass(frozen=True)
class SourceReport:
    """One open source, as its gateway sees it. Health is packets arriving, not frames shown."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    source: Name
    airing: AiringRef | None
    has_signal: bool
    """Good packets came within the last second."""
    since: Instant
    """UTC instant at which `has_signal` last changed."""
    silent_since: Instant | None = None
    """Start of the present silence; None while there is sound."""
    frozen_since: Instant | None = None
    """Since when its picture has not changed; None while it moves. An alarm, never an end."""
    recorded: Number = 0.0
    """Seconds kept of this airing, gaps not counted."""
    reason: str = ""
    """The fault, in words for staff; never the address."""
