"""A server that takes recordings in, as a process of its own that may be killed at any moment.

Its folder, the port, and the recordings that its machine has told of are given; like a machine's
journal these are told again at each start.
"""

import sys
import threading
from datetime import timedelta
from pathlib import Path

from support.desk import CH13
from werkzeug.serving import WSGIRequestHandler, make_server

from config.clock import SystemClock
from config.settings import Settings
from media.fake import FakeProber
from media.store import MediaStore
from playout.model.recording import Recording
from playout.model.wire import decode
from scheduler.actions import jobs
from scheduler.changing import recordings
from scheduler.db.store import Database
from scheduler.process.handlers import check_worker
from scheduler.process.homecoming import Arrivals
from web import create_app


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


def main(folder: Path, port: int, place: str) -> None:
    """Serve until killed."""
    db, clock = Database(f"sqlite:///{folder / 'gavel.db'}"), SystemClock()
    settings = Settings(data_dir=folder, domain="tv.example")
    app = create_app(settings, db, clock)
    for line in (folder / "told").read_bytes().splitlines():
        with db.write() as session:
            recordings.store_recording(session, CH13, decode(Recording, line), clock.utc(), place)
    store = MediaStore(settings.media_root)
    jobs.reclaim(db, clock.utc() + timedelta(days=1))
    worker = check_worker(db, store, FakeProber(), folder, clock)
    arrivals = Arrivals(db, store, clock)
    served = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    while True:
        arrivals.one()
        while worker.one():
            pass
        clock.wait(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
