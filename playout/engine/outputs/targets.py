"""Where an output goes: names people write, turned into a stream-output chain; nothing else."""

import re
from dataclasses import dataclass
from pathlib import Path

from config.names import HouseFormat

SCREEN = "screen"
MUX_PIDS = "pid-video=256,pid-audio=257,pid-pmt=4096,tsid=1"
MUX_TIMING = "pcr=10,shaping=100,dts-delay=400"
"""How the multiplexer dates packets (ms). It cuts a stretch of `shaping` anew, which leaves a hole
in the clock, whenever a packet lies further off its time than two thirds of `dts-delay`: with 200
gaps of 45 ms and a step back were seen at the start of a stream beside four hogs, with 400 a step
back of 0.2 s within the first second of one start in five, and none later."""
VBV_SECONDS = 0.3
"""Seconds of bits an encoder may save up. VLC puts its clock only into picture packets, so there
must always be some of those: a constant rate, even of a slate. A larger VBV leaves thin stretches
after a key frame, and gaps over 40 ms."""
COLOUR_TAGS = "{colorprim=bt709,transfer=bt709,colormatrix=bt709}"
"""The house's colours (media/colour), named in the stream: receivers guess by its size else."""
_UDP = re.compile(r"udp://([A-Za-z0-9.\-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})")
_PATH = re.compile(r"[^'\"{}\\,#\x00-\x1f]+\.ts")


class TargetError(ValueError):
    """An output was written in a way that cannot be used; the text says how to write it."""


@dataclass(frozen=True)
class Encode:
    """The one encode of a channel."""

    video_kbps: int = 4000
    audio_kbps: int = 192
    preset: str = "superfast"


def checked_target(target: str) -> str:
    """The output as it will be used. Raises TargetError with a sentence."""
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
    """The stream-output chain: one encode, its bytes fanned out to every target."""
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
