"""A broadcast machine's two threads that move recordings, as a process that may be killed.

It sends what the server lacks, and lets go of all that the server allows, all the time: a machine
whose disk is full to the brim.
"""

import sys
import threading
from datetime import timedelta
from pathlib import Path

from support.desk import CH13

from config.clock import SystemClock
from media.store import MediaStore
from playout.host import eviction, homecoming
from playout.host.eviction import Evictor, on_server
from playout.host.homecoming import RecordingSender
from playout.host.library import Library
from playout.host.pace import Pace
from playout.host.server_client import make_client

MEGABYTES_A_SECOND = 3.0
PIECE = 200_000


def main(folder: Path, port: str, key: str) -> None:
    """Send and let go until killed."""
    clock, store = SystemClock(), MediaStore(folder / "media", cache=True)
    eviction.ASKED_AGAIN_AFTER = timedelta(0)
    homecoming.TOLD_EVERY_NS = homecoming.AGAIN_AFTER_NS = 300_000_000
    library = Library(folder, store)
    door = make_client(f"http://127.0.0.1:{port}", CH13, key)
    evictor = Evictor(store, ((CH13, library),), on_server(door), spare=1 << 50)
    threading.Thread(target=let_go, args=(evictor, clock), daemon=True).start()
    pace = Pace(clock, MEGABYTES_A_SECOND * 1e6)
    sender = RecordingSender(make_client(f"http://127.0.0.1:{port}", CH13, key), store, clock, pace)
    sender.piece = PIECE
    while True:
        clock.wait(0.0 if sender.turn() else 0.1)


def let_go(evictor: Evictor, clock: SystemClock) -> None:
    """Make room without end."""
    while True:
        evictor.make_room(clock.utc())
        clock.wait(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
