"""Processes that only use the processor, as other work on the machine."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

HOG = "while True:\n    sum(range(100_000))"


@contextmanager
def hogs(count: int) -> Iterator[None]:
    """Run `count` busy processes of ordinary priority while the block runs."""
    busy = [subprocess.Popen([sys.executable, "-S", "-c", HOG]) for _ in range(count)]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()
