"""Files with captions inside: triplets put into packets, as encoders put them there."""

from collections.abc import Mapping
from pathlib import Path

import av

from media.captions.track import CaptionTrack


def cc_data(triplets: bytes) -> bytes:
    """CEA-708's cc_data with these triplets, then padding, then the marker."""
    padded = triplets + b"\xfa\x00\x00" * max(0, 20 - len(triplets) // 3)
    return bytes((0x40 | len(padded) // 3, 0xFF)) + padded + b"\xff"


def sei(triplets: bytes, header: bytes = b"\x06") -> bytes:
    """An SEI unit of user data as ATSC A/72 has it, without start code or length."""
    payload = b"\xb5\x00\x31GA94\x03" + cc_data(triplets)
    body, zeros = bytearray(), 0
    for byte in bytes((4, len(payload))) + payload + b"\x80":
        if zeros >= 2 and byte <= 3:
            body.append(3)
            zeros = 0
        body.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return header + bytes(body)


def _in_annex_b(unit: bytes, nal: bytes) -> bytes:
    """Put a unit before the first slice."""
    at = 0
    while (at := unit.index(b"\x00\x00\x01", at)) >= 0:
        if 1 <= unit[at + 3] & 31 <= 5:
            return unit[:at] + b"\x00\x00\x01" + nal + unit[at:]
        at += 3
    raise ValueError("no slice")


def _in_lengths(unit: bytes, nal: bytes) -> bytes:
    """Put a unit in front, with a length before it."""
    return len(nal).to_bytes(4, "big") + nal + unit


def _in_mpeg2(picture: bytes, user_data: bytes) -> bytes:
    """Put user data before the first slice."""
    at = picture.index(b"\x00\x00\x01\x00")
    while not 1 <= picture[at + 3] <= 0xAF:
        at = picture.index(b"\x00\x00\x01", at + 3)
    return picture[:at] + b"\x00\x00\x01\xb2" + user_data + picture[at:]


def caption_clip(clip: Path, to: Path, by_picture: Mapping[int, bytes]) -> Path:
    """Write `clip` to `to` with triplets in the pictures of these numbers, in order of display."""
    with av.open(str(clip)) as source, av.open(str(to), "w") as out:
        picture = source.streams.video[0]
        tracks = {s.index: out.add_stream_from_template(s) for s in source.streams}
        packets = [packet for packet in source.demux() if packet.dts is not None]
        pictures = sorted(p.pts for p in packets if p.stream is picture)
        in_order = {time: number for number, time in enumerate(pictures)}
        coding = picture.codec_context.name
        lengths = (picture.codec_context.extradata or b"\0")[0] == 1
        for packet in packets:
            new = packet
            triplets = by_picture.get(in_order[packet.pts]) if packet.stream is picture else None
            if triplets is not None:
                new = av.Packet(_captioned(coding, lengths, bytes(packet), triplets))
                new.pts, new.dts, new.time_base = packet.pts, packet.dts, packet.time_base
                new.duration, new.is_keyframe = packet.duration, packet.is_keyframe
            new.stream = tracks[packet.stream.index]
            out.mux(new)
    return to


def _captioned(coding: str, lengths: bool, picture: bytes, triplets: bytes) -> bytes:
    if coding == "mpeg2video":
        return _in_mpeg2(picture, b"GA94\x03" + cc_data(triplets))
    if coding == "hevc":
        return _in_lengths(picture, sei(triplets, b"\x4e\x01"))
    put = _in_lengths if lengths else _in_annex_b
    return put(picture, sei(triplets))


def by_slot(track: CaptionTrack) -> dict[int, bytes]:
    """The triplets of a track by the number of their picture at 29.97 a second."""
    return {round(p.microseconds * 30000 / 1001e6): p.triplets for p in track}


DEFINE_SHOWN = bytes.fromhex("98 3b 46 00 71 1f 11")
"""Define window 0: shown, two rows, anchored by its bottom, near the bottom of the screen."""
DEFINE_HIDDEN = bytes.fromhex("98 1b 46 00 71 1f 11")


def dtvcc(service: int, data: bytes, sequence: int = 0) -> bytes:
    """Triplets of one packet of 708 with up to 31 bytes of one service."""
    block = bytes((service << 5 | len(data),)) + data
    packet = bytes((sequence << 6 | (len(block) + 2) // 2,)) + block
    packet += bytes(len(packet) % 2)
    pairs = [packet[at : at + 2] for at in range(0, len(packet), 2)]
    return b"".join(bytes((0xFE if place else 0xFF,)) + pair for place, pair in enumerate(pairs))
