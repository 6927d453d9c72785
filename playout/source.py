"""A live input as the plan describes it: where it comes from and how its sound is conformed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

STRICT = {"extra": "forbid"}
"""Unknown fields on the wire are refused (design part 3)."""


class SoundMap(StrEnum):
    """Which sound of a source becomes the house's two channels."""

    STEREO = "stereo"
    LEFT = "left"
    """The left channel on both sides: a chamber wired to one side only is normal."""
    RIGHT = "right"
    MONO = "mono"
    """Both sides mixed."""


@dataclass(frozen=True)
class Source:
    """One live input. Only engineers add one; its address may hold a key and is never shown."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: str
    name: str
    address: str
    """What the gateway opens: srt, rtsp, rtmp, udp, rtp, http, https, v4l2 or `test:`; secret."""
    gain_db: float = 0.0
    sound: SoundMap = SoundMap.STEREO
    limiter: bool = True
    expects: str = ""
    """The format engineers expect of it, `1920x1080@30000/1001`; empty for any."""
    starts_on_signal: bool = False
    """A late meeting goes on air by itself when good signal is there; else an operator says go."""
    ends_on_silence: bool = False
    """Ten minutes of silence after the expected end adjourn; else they only alert."""
