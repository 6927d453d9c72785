"""What operators do: one press of a button, which is obeyed within ten seconds or never."""

from datetime import datetime, timedelta

from config.names import ChannelId, CueId, ItemId
from playout.wire import Command, Verb
from scheduler.db import find_house
from scheduler.db.house import CommandRow
from scheduler.db.store import Database
from scheduler.db.tables import ChannelRow, PlanVersionRow
from scheduler.domain.people import Actor, Right
from scheduler.ids import new_id
from scheduler.refusals import Forbidden, Missing, Refused

LASTS = timedelta(seconds=10)


def issue(
    db: Database,
    actor: Actor,
    now: datetime,
    channel: ChannelId,
    verb: Verb,
    *,
    cue: CueId | None = None,
    item: ItemId | None = None,
    minutes: int | None = None,
) -> Command:
    """Tell a channel's broadcast machine something, once; it expires after ten seconds.

    `cue` is what the operator was looking at. Raises Forbidden, Missing and Refused.
    """
    _check(actor, channel, verb, item, minutes)
    with db.write() as session:
        if session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        session.get(PlanVersionRow, channel, with_for_update=True)
        command = Command(
            id=new_id(),
            number=find_house.last_command(session, channel) + 1,
            verb=verb,
            issued_at=now,
            expires_at=now + LASTS,
            actor=actor.name,
            cue=cue,
            item=item,
            minutes=minutes,
        )
        session.add(_row(channel, command))
    return command


def _check(
    actor: Actor, channel: ChannelId, verb: Verb, item: ItemId | None, minutes: int | None
) -> None:
    emergency = verb in {Verb.SLATE, Verb.REJOIN} and actor.may(Right.OVERRIDE, channel)
    if not emergency and not actor.may(Right.OPERATE, channel):
        raise Forbidden(Right.OPERATE.value)
    if verb is Verb.EXTEND and not (minutes and 1 <= minutes <= 720):
        raise Refused({"minutes": "Say by how many minutes, 1 to 720."})
    if verb is Verb.TAKE and item is None:
        raise Refused({"item": "Say what to put on air."})


def _row(channel: ChannelId, command: Command) -> CommandRow:
    return CommandRow(
        id=command.id,
        channel_id=channel,
        number=command.number,
        verb=command.verb.value,
        cue=command.cue,
        item=command.item,
        minutes=command.minutes,
        issued=command.issued_at,
        expires=command.expires_at,
        actor=command.actor,
    )
