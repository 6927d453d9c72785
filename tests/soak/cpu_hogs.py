"""Other work on the machine: processes that do nothing but use the processor."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

HOG = "while True:\n    sum(range(100_000))"


@contextmanager
def hogs(count: int) -> Iterator[None]:
    """Keep so many busy processes of ordinary priority beside what runs inside."""
    busy = [subprocess.Popen([sys.executable, "-S", "-c", HOG]) for _ in range(count)]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()
