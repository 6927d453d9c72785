"""Limits on this process that stand for a machine short of resources."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_free_descriptors() -> Iterator[None]:
    """Let this process open no more files inside the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
