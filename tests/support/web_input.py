"""The stream as a target gets it: pictures, sound and captions, multiplexed as the relay does."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from media.captions.cue import laid_out
from media.captions.decode import decode
from media.captions.encode import encode
from media.captions.track import FIELD_2, CaptionPacket, triplets_of
from playout.engine.relay.a53 import cc_data, with_captions
from playout.engine.relay.datagrams import CHUNK_PACKETS
from playout.engine.relay.mux import COUNTED_PIDS, Mux
from playout.engine.relay.slots import SlotClock
from playout.engine.relay.tables import StreamService, tables
from playout.engine.relay.units import AccessUnit

RATE = Fraction(30_000, 1001)
FIRST = 10 * 90_000
"""Stamp of the first picture."""
LEAD = 54_000
CAPTION = "GAVEL TO GAVEL"


def stamp(number: int) -> int:
    """Return the stamp of a picture."""
    return FIRST + round(number * 90_000 / RATE)


def pictures(seconds: int, size: tuple[int, int] = (320, 180)) -> list[AccessUnit]:
    """Return pictures of H.264 with a key picture each second. Their brightness rises, and white
    for one picture marks each second.
    """
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt, encoder.framerate, encoder.time_base = "yuv420p", RATE, 1 / RATE
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "keyint=30:min-keyint=30:scenecut=0:annexb=1:repeat-headers=1:aud=1"}  # fmt: skip # noqa: E501
    units = []
    for number in range(30 * seconds):
        luma = 235 if number % 30 == 0 else 40 + number % 30 * 2
        image = np.full((size[1] * 3 // 2, size[0]), 128, dtype=np.uint8)
        image[: size[1]] = luma
        frame = av.VideoFrame.from_ndarray(image, format="yuv420p")
        frame.pts = number
        for packet in encoder.encode(frame):
            at = stamp(packet.pts or 0)
            units.append(AccessUnit(1, True, packet.is_keyframe, at, at, bytes(packet)))
    return units


def on_channel(channel: str, pairs: dict[int, bytes]) -> dict[int, bytes]:
    """Return triplets of CC1 by picture as those of CC2 or CC3. A command of CC2 has another first
    byte, and so has one of field 2 that is no address of a row.
    """
    return {
        number: b"".join(_on_channel(channel, *one) for one in triplets_of(triplets))
        for number, triplets in pairs.items()
    }


def _on_channel(channel: str, kind: int, first: int, second: int) -> bytes:
    code = first & 0x7F
    if channel == "CC2" and 0x10 <= code < 0x20:
        code |= 0x08
    if channel == "CC3" and code == 0x14 and 0x20 <= second & 0x7F < 0x30:
        code = 0x15
    parity = 0x80 if code.bit_count() % 2 == 0 else 0
    return bytes((FIELD_2 if channel == "CC3" else kind, code | parity, second))


def captioned(units: list[AccessUnit], channel: str = "CC1") -> list[AccessUnit]:
    """Return the pictures with a caption from 1.5 to 3.5 s on this channel."""
    track = encode(laid_out(1_500_000, 3_500_000, [CAPTION]))
    pairs = {round(packet.microseconds * RATE / 1_000_000): packet.triplets for packet in track}
    if channel != "CC1":
        pairs = on_channel(channel, pairs)
    return [
        AccessUnit(
            u.run, True, u.is_key, u.pts, u.dts, with_captions(u.data, cc_data(pairs[n], n, RATE))
        )
        if n in pairs
        else u
        for n, u in enumerate(units)
    ]


def sound(seconds: int, codec: str = "mp2") -> list[AccessUnit]:
    """Return sound that is silent but for 20 ms of a tone at the start of each second."""
    encoder = av.CodecContext.create(codec, "w")
    encoder.sample_rate, encoder.layout, encoder.bit_rate = 48_000, "stereo", 192_000
    encoder.format = "fltp" if codec == "ac3" else "s16"
    size = {"mp2": 1152, "ac3": 1536}[codec]
    units = []
    for first in range(0, 48_000 * seconds, size):
        at = np.arange(first, first + size)
        tone = np.where(at % 48_000 < 960, np.sin(at * 2 * np.pi * 1000 / 48_000) * 0.5, 0.0)
        if codec == "ac3":
            block = np.stack([tone, tone]).astype(np.float32)
        else:
            block = (np.repeat(tone, 2)[None, :] * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(block, format=encoder.format.name, layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, first, Fraction(1, 48_000)
        for packet in encoder.encode(frame):
            # Encoders date a frame by their own delay, which a decoder has again.
            at90 = FIRST + round((packet.pts or 0) * 90_000 / 48_000)
            units.append(AccessUnit(1, False, True, at90, at90, bytes(packet)))
    return units


def chunks(units: list[AccessUnit], kbps: int = 3000) -> list[bytes]:
    """Return the stream of these units in chunks, as the relay writes it."""
    clock = SlotClock(0, kbps * 1000)
    mux = Mux(clock, tables(StreamService("Gavel")), bytearray(len(COUNTED_PIDS)))
    waiting = sorted(units, key=lambda unit: unit.dts)
    slot = clock.slots((waiting[0].dts - 2 * LEAD) / 90_000)
    found = []
    while waiting or mux.waiting_seconds > 0:
        while waiting and waiting[0].dts - LEAD <= clock.stamp(slot):
            mux.add(waiting.pop(0))
        found.append(b"".join(mux.packet(at) for at in range(slot, slot + CHUNK_PACKETS)))
        slot += CHUNK_PACKETS
    return found


def web_input(seconds: int, codec: str = "mp2", channel: str = "CC1") -> list[bytes]:
    """Return some seconds of the stream, with captions on a channel."""
    return chunks([*captioned(pictures(seconds), channel), *sound(seconds, codec)])


def captions_in(clip: Path) -> dict[str, list[str]]:
    """Return the captions that libav finds, read by the decoder of `media.captions`."""
    packets = []
    with av.open(str(clip)) as source:
        for number, frame in enumerate(source.decode(video=0)):
            for side in frame.side_data:
                raw = bytes(side) if side.type.name == "A53_CC" else b""
                parts = (raw[at : at + 3] for at in range(0, len(raw), 3))
                pairs = b"".join(part for part in parts if part[0] in (0xFC, 0xFD))
                if pairs:
                    packets.append(CaptionPacket(round(number * 1_000_000 / RATE), pairs))
    return {name: [cue.text for cue in cues] for name, cues in decode(packets).items()}
