"""Local media files, opened with the demuxer they were probed with, and with no other.

A module of its own, because the engine's processes need it and nothing else of the headers.
"""

from pathlib import Path

import av
from av.container import InputContainer

from media.formats import Family


def open_local(path: Path, family: Family) -> InputContainer:
    """Open a file with exactly the demuxer of its family, and let libav open local files only."""
    options = {"protocol_whitelist": "file", "format_whitelist": family.demuxer}
    if family.demuxer == "mov":
        options["format_whitelist"] = "mov,mp4,m4a,3gp,3g2,mj2"
    if family.demuxer == "matroska":
        options["format_whitelist"] = "matroska,webm"
    return av.open(f"file:{path}", format=family.demuxer, options=options)
