"""The text of the air log: the files that it is in, read as one endless text.

It needs no pydantic, which the monitor does without.
"""

import os
from contextlib import suppress
from pathlib import Path

from config.means import lack

BYTES_PER_READ = 4 * 2**20
"""Bytes of one file that one reading takes: two days of air, so that no turn of the agent takes
long."""


def log_files(path: Path) -> list[tuple[int, Path]]:
    """Return the log's files, oldest first, each with the number of its first byte."""
    siblings: list[Path] = []
    with suppress(FileNotFoundError, NotADirectoryError):
        siblings = [file for file in path.parent.iterdir() if file.name.startswith(f"{path.name}.")]
    later = [(int(file.suffix[1:]), file) for file in siblings if file.suffix[1:].isdigit()]
    return sorted([(0, path), *later] if path.exists() else later)


def read_lines(path: Path, cursor: int) -> tuple[bytes, int]:
    """Return the whole lines after byte `cursor` of the log, and the cursor after them.

    See `air_log.read_facts` for what becomes of a cursor that is out of place. Raises OSError where
    the machine lacks something.
    """
    text, end = b"", 0
    for begin, file in log_files(path):
        if text and begin != end:
            break
        more, start = _read(file, cursor - begin)
        end = begin + start + len(more)
        text += more
        if len(more) == BYTES_PER_READ:
            break
    whole = text[: text.rfind(b"\n") + 1]
    return whole, end - len(text) + len(whole)


def _read(file: Path, start: int) -> tuple[bytes, int]:
    """Return the bytes of one file from `start` on, and where they really start."""
    try:
        with file.open("rb") as opened:
            start = min(max(start, 0), os.fstat(opened.fileno()).st_size)
            opened.seek(start)
            return opened.read(BYTES_PER_READ), start
    except OSError as error:
        if lack(error):
            raise
        return b"", 0
