"""Commands keep every field on their way through the database."""

from dataclasses import replace
from datetime import timedelta

from support.desk import CH13, NOW, a_channel

from config.names import CueId, ItemId
from playout.model.commands import Command, Verb
from playout.model.events import MessagePlacement
from playout.model.graphics import Crawl, LowerThird
from scheduler.db import load
from scheduler.db.store import Database
from scheduler.db.tables.house import CommandRow

BARE = Command("a", 1, Verb.SKIP, NOW, NOW + timedelta(seconds=10), "Bo")
FULL = replace(
    BARE,
    id="b",
    number=2,
    verb=Verb.EMERGENCY,
    cue=CueId("council@1"),
    item=ItemId("council"),
    minutes=5,
    source="podium",
    until=NOW + timedelta(hours=1),
    text="Boil water",
    placement=MessagePlacement.FULL,
    graphic=LowerThird("b", "Ana Ruiz", "Chair", shown_for=timedelta(seconds=15)),
)
AN_HOUR = timedelta(hours=1)
CRAWL = replace(BARE, id="c", number=3, graphic=Crawl("c", "Call 311", ends=NOW + AN_HOUR))


def test_a_command_comes_back_from_its_row_with_every_field(db: Database) -> None:
    a_channel(db)
    with db.write() as session:
        session.add_all(load.commands.command_row(CH13, one) for one in (BARE, FULL, CRAWL))
    with db.read() as session:
        rows = [session.get(CommandRow, id) for id in ("a", "b", "c")]
        commands = [load.commands.command(row) for row in rows if row is not None]

    assert commands == [BARE, FULL, CRAWL]
