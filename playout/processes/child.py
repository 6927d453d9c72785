"""One child process of a channel: its command, its environment, and when it counts as hung."""

import os
from functools import partial
from importlib import import_module

from config.forked import keep_shared
from config.supervise import Child
from playout.processes.children import command, run_child

STALE_AFTER = {"bus": 0.7, "deck": 5.0, "output": 1.2, "screen": 1.2, "monitor": 5.0, "agent": 30.0}
STALE_AFTER |= {"gateway": 2.0, "live": 1.5, "copy": 5.0, "keeper": 900.0}
STALE_AFTER |= {"music": 30.0, "watcher": 15.0}
STALE_AFTER |= {"link": 1.0, "relay": 1.0, "target": 45.0, "captioner": 120.0}
"""Seconds without a sign of life after which the supervisor kills and restarts a process, by kind.
One that a signal has stopped gets less time (`config.supervise.STOPPED_AFTER`)."""
LIBRARY_SETTINGS = {
    "ALSA_CONFIG_DIR": "/usr/share/alsa",
    "GNUTLS_SYSTEM_PRIORITY_FILE": "/etc/gnutls/config",
    "no_proxy": "",
}
"""Where libraries look for their settings. ALSA and GnuTLS in our wheels look in a folder of their
builder's under /tmp, which anyone on this machine could create. And no address is exempt from the
gateway's own proxy."""
QUICK_START = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""What a start leaves out because air waits for it: threads for matrix sums that no process makes,
and pydantic's search of every installed package for plugins, of which there are none."""
DECK_MEMORY = {"MALLOC_ARENA_MAX": "2"}
"""At most two memory arenas: libVLC starts threads for each file, and with an arena for each a deck
grew from 130 to 270 MB in a hundred files. What is mapped is left to glibc: it keeps what is asked
for again and again, and libVLC asks for whole pictures each time it scales one. With a fixed limit
a deck of 25 such pictures a second had 50,000 page faults in it, and a third more of the processor.
"""
MEMORY = {"deck": DECK_MEMORY, "agent": {"MALLOC_MMAP_THRESHOLD_": str(1 << 20)}}
"""Settings of glibc's memory, by kind of process. The agent draws slides with tables of several
pictures' size; mapped, they are given back at once."""

AIR_NICENESS = -5
NICENESS = dict.fromkeys(("deck", "live", "output", "screen"), AIR_NICENESS)
"""Niceness by kind of process, where the unit permits it (CAP_SYS_NICE). The bus, the relay and the
threads that feed libVLC have real-time priority; the threads of libVLC that decode and encode are
far too busy for it, and without an advantage of their own they are the first that a busy machine
makes late."""

SHARED = (
    "playout.engine.bus.bus",
    "playout.engine.outputs.feed",
    "playout.engine.outputs.monitor",
    "playout.engine.relay.process",
    "playout.engine.client",
)
"""Modules that the supervisor loads for its children."""


def channel_child(
    name: str, kind: str, handles: tuple[int, ...], after: float = 0.0, **given: object
) -> Child:
    """Return the child that runs a kind of `playout.processes.children` with these arguments."""
    environment = os.environ | QUICK_START | LIBRARY_SETTINGS
    environment |= MEMORY.get(kind, {})
    argv = command(kind, **given)
    run = partial(run_child, *argv[-2:])
    return Child(
        name, argv, handles, environment, stale_after=STALE_AFTER[kind], after=after, run=run,
        nice=NICENESS.get(kind, 0),
    )  # fmt: skip


def load_for_children() -> None:
    """Load what most children need, so that those forked from here share it and start at once.

    libVLC and libav stay out: they start threads, and the bus must not depend on them.
    """
    os.environ.update(QUICK_START | LIBRARY_SETTINGS)
    for module in SHARED:
        import_module(module)
    keep_shared()
