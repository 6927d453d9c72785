"""A target that writes the stream into a file, from its beginning at each start."""

import os
from pathlib import Path

from config.child import beat

READ_BYTES = 1 << 16


def write_file(handle: int, path: Path) -> None:
    """Write what comes through the pipe until it is closed. Raises OSError when the disk
    refuses.
    """
    with path.open("wb", buffering=0) as file:
        while data := os.read(handle, READ_BYTES):
            file.write(data)
            beat()
