"""WebVTT, as a browser or a city's video platform takes it (pure)."""

from collections.abc import Iterable

from media.captions.cue import CaptionCue

_TOP = "line:10%"
_TOP_ROWS = 7
"""Captions that end by this row stand at the top, where they cover nothing below."""


def write_vtt(cues: Iterable[CaptionCue], *, stamp: int | None = None) -> str:
    """Return captions as a WebVTT file. Their rows become lines; their columns are left to the
    player.

    A segment of HLS names the time stamp of MPEG at its time 0: `stamp`, in units of 90 kHz, of
    which 33 bits are written, because streams have no more (RFC 8216, 3.5).
    """
    blocks = ["WEBVTT\n"]
    if stamp is not None:
        blocks = [f"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{stamp % (1 << 33)},LOCAL:00:00:00.000\n"]
    for cue in cues:
        place = f" {_TOP}" if cue.rows and cue.rows[-1].row <= _TOP_ROWS else ""
        lines = "\n".join(_escaped(line) for line in cue.lines)
        blocks.append(f"{_time(cue.begin)} --> {_time(cue.end)}{place}\n{lines}\n")
    return "\n".join(blocks)


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(microseconds: int) -> str:
    seconds, thousandths = divmod(round(microseconds / 1000), 1000)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours:02}:{minutes:02}:{seconds % 60:02}.{thousandths:03}"
