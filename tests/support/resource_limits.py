"""Takes from this process what a busy machine may lack."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_free_descriptors() -> Iterator[None]:
    """Let this process open nothing more, as long as it is inside."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
