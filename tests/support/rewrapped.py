"""Clips whose tracks are moved in time or laid behind one another, their coding untouched."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av


def moved(clip: Path, to: Path, *, picture: float = 0.0, sound: float = 0.0) -> Path:
    """Write `clip` to `to` with its tracks that many seconds later, and give `to`."""
    later = {"video": Fraction(picture), "audio": Fraction(sound)}
    with av.open(str(clip)) as source, av.open(str(to), "w") as out:
        tracks = {s.index: out.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            ticks = round(later[packet.stream.type] / packet.time_base)
            packet.dts, packet.pts = packet.dts + ticks, packet.pts + ticks
            packet.stream = tracks[packet.stream.index]
            out.mux(packet)
    return to


def one_behind_another(clips: Sequence[Path], to: Path) -> Path:
    """Write the bytes of streams one behind another, as `cat` does, and give `to`."""
    to.write_bytes(b"".join(clip.read_bytes() for clip in clips))
    return to
