"""The channel's stream for browsers: the HLS that this machine writes into a folder."""

import re
from pathlib import Path

from flask import Blueprint, Response, abort, send_file

from config.clock import Clock
from config.settings import Settings
from config.targetaddress import HlsTarget, NotATarget
from config.targetgrammar import read
from web.kit.context import services

bp = Blueprint("video", __name__)

MASTER, PLAYLIST = "index.m3u8", "live.m3u8"
FRESH_FOR = 30.0
"""Seconds since the last segment after which a channel is not shown as live."""
_FILE = re.compile(
    r"(?:index|live|captions[234]?)\.m3u8|\d{1,15}\.(?:ts|(?:cc[234]\.)?vtt)", re.ASCII
)
KINDS = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".vtt": "text/vtt"}


def folder_of(settings: Settings, channel: str) -> Path | None:
    """Return the folder of a channel's HLS; None where this machine writes none."""
    configured = settings.channels.get(channel)
    for output in configured.outputs if configured is not None else ():
        try:
            target = read(output)
        except NotATarget:
            continue
        if isinstance(target, HlsTarget):
            return target.folder
    return None


def is_live(settings: Settings, channel: str, clock: Clock) -> bool:
    """Return whether viewers can watch the channel now."""
    folder = folder_of(settings, channel)
    try:
        written = (folder / PLAYLIST).stat().st_mtime if folder is not None else None
    except OSError:
        return False
    return written is not None and clock.utc().timestamp() - written < FRESH_FOR


@bp.get("/tv/<channel>/video/<name>")
def file(channel: str, name: str) -> Response:
    """Answer with a playlist or a segment."""
    folder = folder_of(services().settings, channel) if _FILE.fullmatch(name) else None
    if folder is None:
        abort(404, "There is no video of this name.")
    path = folder / name
    is_list = path.suffix == ".m3u8"
    try:
        answer = send_file(path, KINDS[path.suffix], conditional=True)
    except OSError:
        abort(404, "This part of the video is gone.")
    answer.headers["Cache-Control"] = f"public, max-age={1 if is_list else 600}"
    return answer
