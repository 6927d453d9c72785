"""The targets of an output: the names people write, checked and turned into a libVLC chain."""

import re
from dataclasses import dataclass
from pathlib import Path

from config.names import HouseFormat

SCREEN = "screen"
MUX_PIDS = "pid-video=256,pid-audio=257,pid-pmt=4096,tsid=1"
MUX_TIMING = "pcr=10,shaping=100,dts-delay=400"
"""How the multiplexer dates packets, in milliseconds.

It restarts a period of `shaping`, which leaves a hole in the clock, whenever a packet is off its
time by more than two thirds of `dts-delay`. With a delay of 200 and four busy processes beside it,
a stream began with gaps of 45 ms and a step back. With 400 one start in five stepped back by 0.2 s
within its first second, and none did later."""
VBV_SECONDS = 0.3
"""Size of the encoder's buffer, in seconds of its bit rate.

libVLC puts its clock into picture packets only, so there must always be some: a constant bit rate,
even for a slate. A larger buffer leaves thin stretches after a key frame, and gaps over 40 ms in
the clock."""
COLOUR_TAGS = "{colorprim=bt709,transfer=bt709,colormatrix=bt709}"
"""Colours of the house format (media/colour), named in the stream; otherwise receivers guess them
from the size of the picture."""
_UDP = re.compile(r"udp://([A-Za-z0-9.\-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")
_PATH = re.compile(r"[^'\"{}\\,#\x00-\x1f]+\.ts")


class TargetError(ValueError):
    """An output that cannot be used as written; the text says how to write it."""


@dataclass(frozen=True)
class Encode:
    """Settings of the channel's one encoder."""

    video_kbps: int = 4000
    audio_kbps: int = 192
    preset: str = "superfast"


def checked_target(target: str) -> str:
    """Return an output in the form it is used in. Raises TargetError with a sentence."""
    if target == SCREEN:
        return target
    match = _UDP.fullmatch(target)
    if match is not None and 0 < int(match[2]) < 65536:
        return target
    if "://" not in target and _PATH.fullmatch(target):
        return str(Path(target).absolute())
    raise TargetError(
        f"{target!r} is not an output; write udp://HOST:PORT, a file path ending in .ts, or screen"
    )


def stream_output(targets: list[str], house: HouseFormat, encode: Encode) -> str:
    """Return libVLC's stream-output chain: one encode whose bytes go to every target."""
    second = round(house.rate)
    video = (
        f"vcodec=h264,venc=x264{{preset={encode.preset},tune=zerolatency,keyint={second},"
        f"min-keyint={second},scenecut=0,bframes=0,ref=1,vbv-maxrate={encode.video_kbps},"
        f"vbv-bufsize={round(encode.video_kbps * VBV_SECONDS)},hrd=cbr,options={COLOUR_TAGS}}}"
        f",vb={encode.video_kbps}"
    )
    audio = f"acodec=mpga,ab={encode.audio_kbps},channels=2,samplerate=48000"
    ends = ",".join(f"dst={_end(target)}" for target in targets)
    return f"#transcode{{{video},{audio}}}:duplicate{{{ends}}}"


def _end(target: str) -> str:
    mux = f"mux=ts{{{MUX_PIDS},{MUX_TIMING}}}"
    if target.startswith("udp://"):
        return f"std{{access=udp{{caching=100}},{mux},dst={target[6:]}}}"
    return f"std{{access=file,{mux},dst={target}}}"
