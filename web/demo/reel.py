"""Lengthening a clip by repeating its packets, so that a long demo program needs no encoding."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av

AnyPacket: TypeAlias = "av.Packet[Any]"


def lengthen(clip: Path, out: Path, length: timedelta) -> None:
    """Write `clip` repeatedly into `out` until it lasts `length`, to within one round.

    Pictures keep their even spacing; sound loses at most one packet a round.
    """
    beside = out.with_name(f".{out.name}.new{out.suffix}")
    with av.open(str(clip)) as source, av.open(str(beside), "w") as sink:
        picture = source.streams.video[0]
        streams = [picture, *source.streams.audio[:1]]
        outs = {stream.index: sink.add_stream_from_template(stream) for stream in streams}
        packets = [packet for packet in source.demux(streams) if packet.dts is not None]
        span = _span(packets, picture.index)
        for turn in range(max(1, round(length.total_seconds() / span))):
            for packet in _within(packets, span, picture.index, first=turn == 0):
                sink.mux(_copied(packet, turn * span, outs[packet.stream.index]))
    beside.replace(out)


def _span(packets: list[AnyPacket], picture: int) -> Fraction:
    """Return the length of one round: from the first picture to the end of the last."""
    times = sorted(_at(packet) for packet in packets if packet.stream.index == picture)
    return times[-1] - times[0] + (times[1] - times[0])


def _within(
    packets: list[AnyPacket], span: Fraction, picture: int, *, first: bool
) -> Iterator[AnyPacket]:
    """Yield one round: all pictures, and the sound that begins within it (lead-in once)."""
    for packet in packets:
        if packet.stream.index == picture or (_at(packet) < span and (first or _at(packet) >= 0)):
            yield packet


def _at(packet: AnyPacket) -> Fraction:
    assert packet.pts is not None and packet.time_base is not None
    return Fraction(packet.pts) * packet.time_base


def _copied(packet: AnyPacket, shift: Fraction, stream: Any) -> AnyPacket:
    base = packet.time_base
    assert base is not None and packet.pts is not None and packet.dts is not None
    copy: AnyPacket = av.Packet(bytes(packet))
    ticks = round(shift / base)
    copy.pts, copy.dts = packet.pts + ticks, packet.dts + ticks
    copy.time_base, copy.duration = base, packet.duration
    copy.is_keyframe = packet.is_keyframe
    copy.stream = stream
    return copy
