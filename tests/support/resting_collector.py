"""A pytest plugin that rests the garbage collector while tests are collected.

Collecting thousands of tests only adds objects, all of which stay. The garbage collector walks
through them again and again, and finds nothing: a quarter of the processor time of collecting.
"""

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Rest the garbage collector meanwhile, and never look at what was collected again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
