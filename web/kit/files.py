"""Stored files as answers: whole, in part, or as a download under the title that staff know."""

from pathlib import Path
from typing import Any

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

PLAYED_AT_ONCE = 4 * 1024 * 1024
"""Most bytes of one answer to a player. It asks for all that follows and reads as it plays, for
hours where it is paused; with a shorter answer it asks again. So neither a thread nor much memory
waits for it."""
MOST_LETTERS = 120
_RESERVED = {"con", "prn", "aux", "nul", *(f"{a}{n}" for a in ("com", "lpt") for n in range(1, 10))}
"""Names that Windows keeps for devices."""


def send_stored(
    path: Path, kind: str, etag: str, *, name: str = "", at_once: int | None = None
) -> Response:
    """Answer with a file, or with the range of it that is asked for.

    `etag` names these bytes for ever. With `name` the browser saves it under that name. A range is
    at most `at_once` bytes long; without that limit the server's kernel sends it from the file, and
    it never lies in memory.
    """
    saved: dict[str, Any] = {"as_attachment": True, "download_name": name} if name else {}
    answer = send_file(path, kind, etag=etag, conditional=False, **saved)
    whole: Any = answer.response
    length = path.stat().st_size
    try:
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=length)
    except RequestedRangeNotSatisfiable:
        whole.close()
        raise
    if answer.status_code == 206:
        _in_part(answer, whole, path, at_once)
    return answer


def _in_part(answer: Response, whole: Any, path: Path, at_once: int | None) -> None:
    """Let a range be sent from the file, or be read if it is short enough.

    Werkzeug would hand it over piece by piece, and the front holds pieces in memory until they are
    sent: the rest of a recording of nine gigabytes.
    """
    wrapper: Any = request.environ.get("wsgi.file_wrapper")
    if at_once is None and wrapper is None:
        return  # a test's own client, which reads the pieces as they come
    whole.close()
    part = answer.content_range
    start, stop = part.start or 0, part.stop or 0
    file = path.open("rb")
    file.seek(start)
    if at_once is None:
        answer.response = wrapper(file)
        return
    stop = min(stop, start + at_once)
    with file:
        answer.direct_passthrough = False
        answer.set_data(file.read(stop - start))
    part.set(start, stop, part.length)


def file_name(title: str, suffix: str) -> str:
    """Return the title as the name of a file, in any alphabet, that every system can save.

    What is a separator or a control somewhere becomes a space; spaces and dots at the ends are
    dropped. Example: `Budget: 2026/27`, `.mp4` becomes `Budget 2026 27.mp4`.
    """
    letters = (one if one.isprintable() and one not in '<>:"/\\|?*' else " " for one in title)
    stem = " ".join("".join(letters).split())[:MOST_LETTERS].strip(" .")
    if not stem or stem.split(".")[0].lower() in _RESERVED:
        stem = f"{stem} file".strip()
    return stem + suffix
