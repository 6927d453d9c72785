"""A server on a simulated clock behind a real port, for the drill of two versions.

It runs with the code of either version, so it uses nothing that one of them lacks. Each line of its
input is a request as JSON, each line of its output the answer.
"""

import json
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from support.desk import ADMIN, CH13, HOUR, MINUTE, NOW, a_channel, an_airing, an_asset
from werkzeug.serving import WSGIRequestHandler, make_server

from config.clock import SimulatedClock
from config.settings import Settings
from playout.model.commands import Verb
from scheduler.actions import commands, hosts
from scheduler.db import find, load, migrate
from scheduler.db.store import Database
from scheduler.process.alarms import Wake
from scheduler.process.service import look
from web import create_app


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


def main(folder: Path, url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    clock = SimulatedClock(NOW)
    app = create_app(Settings(data_dir=folder, domain="tv.example"), database, clock)
    a_channel(database)
    _, key = hosts.add_host(database, ADMIN, NOW, "playout-1")
    served = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    answer(port=served.server_port, key=key)
    for line in sys.stdin:
        asked = json.loads(line)
        clock.advance(max(datetime.fromisoformat(asked["now"]) - clock.utc(), 0 * MINUTE))
        if asked["do"] == "plan":
            file = an_asset(database, asked["title"], asked["title"][0].lower(), HOUR).id
            start = clock.utc() + MINUTE
            an_airing(database, start, title=asked["title"], asset=file, length=MINUTE)
        elif asked["do"] == "slate":
            commands.issue(database, ADMIN, clock.utc(), CH13, Verb.SLATE)
        look(database, clock.utc(), frozenset({Wake.PUBLISH}))
        answer(**reported(database, clock.utc()))


def reported(database: Database, now: datetime) -> dict[str, Any]:
    """Return what the server knows of its broadcast machine."""
    with database.read() as session:
        rows = [load.journal.as_run(row) for row in find.house.as_run(session, CH13, NOW, now)]
    return {"as_run": [[one.title, one.outcome.value, one.reason] for one in rows]}


def answer(**words: Any) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
