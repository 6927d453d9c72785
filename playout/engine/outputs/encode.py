"""The one encode of a channel: its settings, and the libVLC chain that makes it."""

from dataclasses import dataclass
from fractions import Fraction

from config.names import HouseFormat, broadcast_shape

MUX_PIDS = "pid-video=256,pid-audio=257,pid-pmt=4096,tsid=1"
MUX_TIMING = "pcr=70,shaping=100,dts-delay=400"
"""How libVLC's multiplexer dates packets, in milliseconds. Its clock is for nobody, because the
relay makes one of its own (`playout/engine/relay`); its time stamps are used.

It restarts a period of `shaping`, and dates by another, whenever a packet is off its time by more
than two thirds of `dts-delay`. With a delay of 200 and four busy processes beside it, a stream
began with a step back."""
VBV_SECONDS = 0.3
"""Size of the encoder's buffer, in seconds of its bit rate. The relay sends a picture at a constant
rate and needs as long for a large one, so this is part of the stream's delay."""
COLOUR_TAGS = "colorprim=bt709,transfer=bt709,colormatrix=bt709"
"""Colours of the house format (media/colour), named in the stream; otherwise receivers guess them
from the size of the picture."""


AUDIO_CODECS = {
    "mp2": "acodec=mpga",
    "ac3": "acodec=a52,aenc=avcodec{options={dialnorm=-24}}",
}
"""libVLC's words for each codec of the sound. AC-3 says that dialogue has the house's loudness of
-24 LKFS (A/85), so a receiver plays it as loud as other channels; libav would say -31."""
INTERLACED = "interlaced"
FASTEST_FRAMES = 30
"""Frames a second from which on two house pictures make the two fields of one frame."""
ONE_THREAD_UP_TO = 1280 * 720 * 60
"""Pixels a second up to which one thread encodes. x264 divides a picture of low delay into a slice
for each thread: with two it takes an eighth more of the processor, needs more memory, and predicts
nothing across the slices. One thread of two cores takes a fifth of its time for 720p at 29.97."""
MPEG2_COLOURS = "color_primaries=bt709,color_trc=bt709,colorspace=bt709"
MPEG2_KEY_SECONDS = Fraction(1, 2)
"""Time between two key pictures of MPEG-2, as cable receivers are used to."""


@dataclass(frozen=True)
class Encode:
    """Settings of the channel's one encoder."""

    video_kbps: int = 4000
    audio_kbps: int = 192
    preset: str = "superfast"
    audio: str = "mp2"
    """Codec of the sound: `mp2` or `ac3`."""
    video: str = "h264"
    """Codec of the picture: `h264` or `mpeg2`."""
    scan: str = "progressive"
    """`progressive`, or `interlaced` with the upper field first."""
    width: int = 0
    """Columns of the coded picture; 0 for those of the house."""

    @property
    def is_interlaced(self) -> bool:
        """Tell whether a frame has two fields."""
        return self.scan == INTERLACED

    def is_woven(self, house: HouseFormat) -> bool:
        """Tell whether the two fields of a frame are two house pictures; else both show one."""
        return self.is_interlaced and house.rate > FASTEST_FRAMES

    def frame_rate(self, house: HouseFormat) -> Fraction:
        """Return the coded frames a second."""
        return house.rate / 2 if self.is_woven(house) else house.rate


def column_shape(house: HouseFormat, encode: Encode) -> Fraction | None:
    """Return the shape of a coded column, width to height, where it is not the house's square; None
    where it is. Example: 4:3 in 704x480 has columns of 10:11, 16:9 in 720x480 of 32:27.
    """
    return broadcast_shape(house) * house.height / encode.width if encode.width else None


def stream_output(handle: int, house: HouseFormat, encode: Encode) -> str:
    """Return libVLC's stream-output chain: one encode whose bytes go into this pipe."""
    rate = encode.frame_rate(house)
    column = column_shape(house, encode)
    is_small = rate * (encode.width or house.width) * house.height <= ONE_THREAD_UP_TO
    video = _mpeg2(encode, rate, column)
    if encode.video != "mpeg2":
        video = _h264(encode, rate, column, is_small=is_small)
    if column is not None:
        video += f",width={encode.width},height={house.height}"
    codec = AUDIO_CODECS[encode.audio]
    audio = f"{codec},ab={encode.audio_kbps},channels=2,samplerate=48000"
    mux = f"mux=ts{{{MUX_PIDS},{MUX_TIMING}}}"
    # libVLC takes a rate from 16,000 on for bits, and would make 20,000 kbit/s a slide show.
    return f"#transcode{{{video},{audio}}}:std{{access=fd,{mux},dst={handle}}}"


def _h264(encode: Encode, rate: Fraction, column: Fraction | None, *, is_small: bool) -> str:
    second, options = round(rate), COLOUR_TAGS + (",threads=1" if is_small else "")
    if column is not None:
        # libVLC would write it upside down: 11:10 for 704 columns of 4:3.
        options += f",sar={column}"
    if encode.is_interlaced:
        options += ",tff=1"
    return (
        f"vcodec=h264,venc=x264{{preset={encode.preset},tune=zerolatency,keyint={second},"
        f"min-keyint={second},scenecut=0,bframes=0,ref=1,vbv-maxrate={encode.video_kbps},"
        f"vbv-bufsize={round(encode.video_kbps * VBV_SECONDS)},hrd=cbr,options={{{options}}}}}"
        f",vb={1000 * encode.video_kbps}"
    )


def _mpeg2(encode: Encode, rate: Fraction, column: Fraction | None) -> str:
    """Return the words for MPEG-2; libVLC needs its rate named, else it codes 25 frames."""
    bits = 1000 * encode.video_kbps
    fields = "interlace,interlace-me," if encode.is_interlaced else ""
    options = f"minrate={bits},maxrate={bits},bufsize={round(bits * VBV_SECONDS)},{MPEG2_COLOURS}"
    options += f",aspect={column}" if column is not None else ""
    return (
        f"vcodec=mp2v,venc=avcodec{{keyint={round(rate * MPEG2_KEY_SECONDS)},bframes=0,{fields}"
        f"options={{{options}}}}},vb={bits},fps={rate.numerator}/{rate.denominator}"
    )
