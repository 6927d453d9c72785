"""A whole system whose real database is backed up and restored, and checks that follow."""

import itertools
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import func, select
from support.desk import CH13, HOUR, MINUTE, NOW, PLANNER, an_airing, an_asset
from support.website import Site
from support.whole_system import WholeSystem

from config.names import AiringId
from playout.model.commands import Command, Verb
from playout.model.events import Alerted
from playout.model.history import digest
from playout.model.rundown import Rundown
from playout.model.wire import decode
from scheduler.actions import airings, commands
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.house import AsRunRow, EntryRow, HeardRow
from scheduler.domain.model.people import Actor, Role
from scheduler.queries import grid, onair

EMERGENCY = Actor("eve", "Eve Emergency", frozenset({Role.EMERGENCY}))


def plan_films(db: Database) -> list[AiringId]:
    """Plan ten minutes of film at every quarter of an hour. Return their ids in order."""
    file = an_asset(db, length=HOUR).id
    quarters = {f"Film {n}": NOW + n * 15 * MINUTE for n in range(1, 13)}
    return [
        an_airing(db, start, title=title, asset=file, length=10 * MINUTE).id
        for title, start in quarters.items()
    ]


def copy_database(source: Path, target: Path) -> None:
    """Copy a database while it is in use, as a nightly backup does."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def replace_database(db: Database, backup: Path) -> None:
    """Replace the database with a backup."""
    file = Path(str(db.engine.url.database))
    db.close()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    shutil.copyfile(backup, file)


class ServerConnection(httpx.BaseTransport):
    """The connection to the server; a test may cut it or lose its answers."""

    def __init__(self, server: httpx.BaseTransport) -> None:
        self.server = server
        self.whole = True
        self.losing = 0
        """How many of the next answers are lost."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.whole:
            raise httpx.ConnectError("no route to host", request=request)
        answer = self.server.handle_request(request)
        if self.losing:
            self.losing -= 1
            raise httpx.ReadTimeout("no answer", request=request)
        return answer


class RestoredSystem(WholeSystem):
    """A system whose database file is copied while open, and put back another day."""

    def __init__(self, site: Site, folder: Path, films: list[AiringId]) -> None:
        """Start it. `films` are the ids of the planned airings, in order."""
        super().__init__(site, folder)
        self.films = films
        self.wire = ServerConnection(httpx.WSGITransport(app=site.app))
        self.client = httpx.Client(
            base_url=self.client.base_url, headers=self.client.headers, transport=self.wire
        )
        self.boot()
        self.backups: list[Path] = []
        self.presses = itertools.count(1)
        self.pressed: list[Command] = []
        """Emergency messages given since the last restore, while the host could hear."""
        self.unheard: list[Command] = []
        """Those given while it could not."""

    def back_up(self) -> None:
        """Make a backup; the system goes on."""
        copy = self.folder / f"backup-{len(self.backups)}.db"
        self.folder.mkdir(exist_ok=True)
        copy_database(Path(str(self.site.db.engine.url.database)), copy)
        self.backups.append(copy)

    def restore(self, number: int = -1) -> None:
        """Replace the database with a backup; the host keeps everything it knows."""
        replace_database(self.site.db, self.backups[number])
        self.pressed.clear()

    def press(self) -> Command:
        """Put an emergency message with its own text on air."""
        order = commands.Order(
            Verb.EMERGENCY,
            text=f"Boil water, notice {next(self.presses)}.",
            until=self.now + timedelta(minutes=5),
        )
        given = commands.give(self.site.db, EMERGENCY, self.now, CH13, order)
        (self.pressed if self.wire.whole else self.unheard).append(given)
        return given

    def obeyed(self, command: Command) -> int:
        """Return how often a message went on air."""
        facts = (entry.fact for entry in self.parts.journal.kept())
        shown = [fact.message for fact in facts if isinstance(fact, Alerted)]
        return sum(message.text == command.text for message in shown)


# The judges: each returns sentences about what is wrong, none if all is well.


def plan_differences(system: RestoredSystem) -> list[str]:
    """Return where the plan on air differs in content from the one published last."""
    standing = system.agent.state
    assert standing is not None
    with system.site.db.read() as session:
        newest = find.house.published(session, CH13)
    assert newest is not None
    wrong = []
    if digest(standing.published) != newest.digest:
        have = standing.published.revision
        wrong.append(f"plan {have} airs, the server published {newest.revision}")
    if not onair.on_air(system.site.db, CH13, system.now).up_to_date and not wrong:
        wrong.append("the desk says that the newest schedule was not received")
    return wrong


def missing_reports(system: RestoredSystem) -> list[str]:
    """Return journal entries and as-run rows that the database lacks or has twice.

    Only to be asked once the server has the host's last report.
    """
    system.sync.turn()
    journal = {entry.id for entry in system.parts.journal.kept()}
    aired = {entry.id for entry in system.parts.journal.kept() if entry.as_run is not None}
    with system.site.db.read() as session:
        stored = set(session.scalars(select(EntryRow.id)))
        rows = set(session.scalars(select(AsRunRow.entry_id)))
        count = session.scalar(select(func.count()).select_from(AsRunRow))
        heard = session.get(HeardRow, CH13)
    lacks = [f"{id} is not stored" for id in sorted(journal - stored)]
    lacks += [f"{id} is no as-run row" for id in sorted(aired - rows)]
    lacks += [f"{count} as-run rows of {len(rows)} stretches"] * (count != len(rows))
    standing = system.agent.state
    assert standing is not None and heard is not None
    if heard.expected is None or decode(Rundown, heard.expected) != standing.rundown:
        lacks.append("the rundown that the host expects is not stored")
    return lacks


def disobeyed_presses(system: RestoredSystem) -> list[str]:
    """Return messages given since the restore that did not air, or aired twice."""
    counts = [(one.number, system.obeyed(one)) for one in system.pressed]
    wrong = [f"press {number} was obeyed {count} times" for number, count in counts if count != 1]
    twice = [one.number for one in system.unheard if system.obeyed(one) > 1]
    return wrong + [f"press {number} of the silence was obeyed twice" for number in twice]


# Events; the number chooses among the possible variants.


def time_passes(system: RestoredSystem, n: int) -> None:
    """Let seconds pass, a minute and a half, or more than a film."""
    system.run_for((3, 90, 960)[n % 3], most=30)


def somebody_presses(system: RestoredSystem, n: int) -> None:
    """Give one to three messages, one after the other."""
    for _ in range(1 + n % 3):
        system.press()
        system.run_for(2, most=1)


def somebody_plans(system: RestoredSystem, n: int) -> None:
    """Add a film, or cancel one that is still to come."""
    db, later = system.site.db, system.now + HOUR + n % 50 * MINUTE
    if n % 2:
        an_airing(db, later, title=f"Extra {n}", slate_text="Extra", length=MINUTE)
        return
    film = grid.airing(db, system.films[n // 2 % len(system.films)], system.now).airing
    if not film.cancelled and film.start > system.now + MINUTE:
        airings.cancel(db, PLANNER, system.now, film.id, film.version)


def a_backup(system: RestoredSystem, n: int) -> None:
    """Make the nightly copy."""
    del n
    system.back_up()


def a_restore(system: RestoredSystem, n: int) -> None:
    """Restore any backup, of this line of history or of one left before."""
    system.restore(n % len(system.backups))


def the_host_starts_again(system: RestoredSystem, n: int) -> None:
    """Restart the host; it knows what is on its disk."""
    del n
    system.boot()


def the_wire(system: RestoredSystem, n: int) -> None:
    """Cut the connection, or repair it."""
    del n
    system.wire.whole = not system.wire.whole


def answers_are_lost(system: RestoredSystem, n: int) -> None:
    """Lose answers: the server did what was asked, and the host does not know."""
    system.wire.losing = 1 + n % 4


ACTIONS: tuple[Callable[[RestoredSystem, int], None], ...] = (
    time_passes, somebody_presses, somebody_plans, a_backup, a_restore, the_host_starts_again,
    the_wire, answers_are_lost,
)  # fmt: skip


def run_steps(system: RestoredSystem, steps: list[tuple[int, int]]) -> None:
    """Do all steps, and check after each once the host has heard its server."""
    system.back_up()
    for which, number in steps:
        ACTIONS[which](system, number)
        if not system.wire.whole:
            system.run_for(3, most=1)
            continue
        system.run_for(8, most=1)
        check_all(system)
    system.wire.whole, system.wire.losing = True, 0
    system.run_for(8, most=1)
    check_all(system)


def check_all(system: RestoredSystem) -> None:
    """Fail if anything is wrong."""
    assert plan_differences(system) == []
    assert missing_reports(system) == []
    assert disobeyed_presses(system) == []
