"""Commands of operators between their frozen values and their rows."""

from pydantic import TypeAdapter

from config.names import ChannelId, CueId, ItemId
from playout.model.commands import Command, Verb
from playout.model.events import MessagePlacement
from playout.model.graphics import PlannedGraphic
from scheduler.db.tables.house import CommandRow

_GRAPHIC: TypeAdapter[PlannedGraphic] = TypeAdapter(PlannedGraphic)


def command(row: CommandRow) -> Command:
    """Return the command that the row keeps, as the broadcast machine reads it."""
    return Command(
        id=row.id,
        number=row.number,
        verb=Verb(row.verb),
        issued_at=row.issued,
        expires_at=row.expires,
        actor=row.actor,
        cue=CueId(row.cue) if row.cue else None,
        item=ItemId(row.item) if row.item else None,
        minutes=row.minutes,
        source=row.source,
        until=row.until,
        text=row.text,
        placement=MessagePlacement(row.placement),
        graphic=_GRAPHIC.validate_python(row.graphic) if row.graphic else None,
        machine=row.machine,
    )


def command_row(channel: ChannelId, command: Command) -> CommandRow:
    """Return a new row for the command, without an answer yet."""
    return CommandRow(
        id=command.id,
        channel_id=channel,
        number=command.number,
        verb=command.verb.value,
        cue=command.cue,
        item=command.item,
        minutes=command.minutes,
        source=command.source,
        until=command.until,
        text=command.text,
        placement=command.placement.value,
        graphic=_GRAPHIC.dump_python(command.graphic, mode="json") if command.graphic else None,
        machine=command.machine,
        issued=command.issued_at,
        expires=command.expires_at,
        actor=command.actor,
    )
