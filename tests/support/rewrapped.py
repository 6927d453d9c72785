"""Clips whose tracks are moved in time or laid behind one another, their coding untouched."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av


def shift_tracks(
    clip: Path, to: Path, *, picture: float = 0.0, sound: float = 0.0, lasts: float | None = None
) -> Path:
    """Write `clip` to `to` with its tracks that many seconds later, and give `to`.

    The last picture then says that it `lasts` so many seconds.
    """
    later = {"video": Fraction(picture), "audio": Fraction(sound)}
    with av.open(str(clip)) as source, av.open(str(to), "w") as out:
        tracks = {s.index: out.add_stream_from_template(s) for s in source.streams}
        packets = [packet for packet in source.demux() if packet.dts is not None]
        last = max((p for p in packets if p.stream.type == "video"), key=lambda p: p.pts)
        for packet in packets:
            if packet is last and lasts is not None:
                packet.duration = round(lasts / packet.time_base)
            ticks = round(later[packet.stream.type] / packet.time_base)
            packet.dts, packet.pts = packet.dts + ticks, packet.pts + ticks
            packet.stream = tracks[packet.stream.index]
            out.mux(packet)
    return to


def concatenate(clips: Sequence[Path], to: Path) -> Path:
    """Write the bytes of streams one behind another, as `cat` does, and give `to`."""
    to.write_bytes(b"".join(clip.read_bytes() for clip in clips))
    return to


def replace_edit_lists(
    clip: Path, to: Path, edits: dict[str, Sequence[tuple[float, float | None]]]
) -> Path:
    """Write an MP4 to `to` with other edit lists and give `to`; nothing else of it changes.

    `edits` maps a kind of track, `vide` or `soun`, to lines of (seconds, where they begin); None
    for a pause. The index must stand behind the media, as libav writes it.
    """
    data = bytearray(clip.read_bytes())
    for kind, lines in edits.items():
        handler = data.index(kind.encode(), data.rindex(b"moov"))
        _edit(data, data.index(b"edts", data.rindex(b"trak", 0, handler)), lines)
    to.write_bytes(data)
    return to


def _edit(data: bytearray, edts: int, lines: Sequence[tuple[float, float | None]]) -> None:
    """Put these lines in the place of the list that begins at `edts`."""
    movie = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)[0]
    scale = struct.unpack_from(">I", data, data.index(b"mdhd", edts) + 16)[0]
    first = struct.unpack_from(">i", data, data.index(b"elst", edts) + 16)[0]
    body = struct.pack(">4sII", b"elst", 0, len(lines))
    for seconds, begin in lines:
        place = -1 if begin is None else first + round(begin * scale)
        body += struct.pack(">IiI", round(seconds * movie), place, 1 << 16)
    box = struct.pack(">I4sI", len(body) + 12, b"edts", len(body) + 4) + body
    begin, size = edts - 4, struct.unpack_from(">I", data, edts - 4)[0]
    for parent in (b"trak", b"moov"):
        at = data.rindex(parent, 0, edts) - 4
        grown = struct.unpack_from(">I", data, at)[0] + len(box) - size
        struct.pack_into(">I", data, at, grown)
    data[begin : begin + size] = box
