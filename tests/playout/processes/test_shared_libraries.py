"""What the supervisor loads for its children: shared where it can be, and never in the way."""

import subprocess
import sys

LOAD = """
import os, sys
from playout.processes import child
{before}
child.load_for_children()
from config.forked import may_fork
names = ("vlc", "av", "playout.engine.bus.bus")
print(may_fork(), *(sys.modules.get(name) is not None for name in names))
"""


def loaded(before: str = "") -> str:
    words = [sys.executable, "-c", LOAD.format(before=before)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def test_the_libraries_are_shared_and_start_no_thread() -> None:
    assert loaded() == "True True True True"


def test_a_library_that_cannot_be_loaded_stops_no_channel() -> None:
    assert loaded("sys.modules['vlc'] = sys.modules['av'] = None") == "True False False True"


def test_the_bus_is_loaded_whatever_a_library_raises() -> None:
    before = "child.SHARED_WITH_LIBRARIES = ('playout.no_such_library',)"
    assert loaded(before) == "True False False True"
