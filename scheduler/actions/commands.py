"""The commands of operators: one press of a button each, obeyed within ten seconds or never."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.names import ChannelId, CueId, ItemId
from config.times import clock
from playout.commands import limits
from playout.model.commands import Command, Verb
from playout.model.events import MessagePlacement
from playout.model.graphics import Crawl, PlannedGraphic
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.db.tables.house import ChangeRow, HostRow
from scheduler.db.tables.meetings import SourceRow
from scheduler.db.tables.plan import ChannelRow, PlanVersionRow
from scheduler.domain.air.pairs import move_refusal
from scheduler.domain.model.airing_graphics import LONGEST_CRAWL, LONGEST_LINE
from scheduler.domain.model.ids import HostId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id
from scheduler.reading.machines import pair_machines
from scheduler.refusals import Forbidden, Missing, Refused

LONGEST_ID = 120
TOO_LONG_A_LINE = f"Use up to {LONGEST_LINE} characters for a line."
TOO_LONG_A_CRAWL = f"Use up to {LONGEST_CRAWL} characters for a crawl."
EMERGENCIES = frozenset({Verb.EMERGENCY, Verb.CLEAR})
AUDITED = EMERGENCIES | {Verb.OVERRIDE, Verb.MOVE}
"""Verbs that are written to the audit trail as well as to the host's journal."""


@dataclass(frozen=True)
class Order:
    """The request of a button, with what the operator was looking at."""

    verb: Verb
    cue: CueId | None = None
    item: ItemId | None = None
    minutes: int | None = None
    source: str | None = None
    until: datetime | None = None
    text: str = ""
    placement: MessagePlacement = MessagePlacement.STRIP
    graphic: PlannedGraphic | None = None
    """The lower third or crawl to show; its id is the command's."""
    to: HostId | None = None
    """The machine that is to send from then on."""


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
    """Give a channel's broadcast machine one command, which expires after ten seconds.

    `cue` is the cue that the operator was looking at. Raises Forbidden, Missing and Refused.
    """
    return give(db, actor, now, channel, Order(verb, cue, item, minutes))


def give(db: Database, actor: Actor, now: datetime, channel: ChannelId, order: Order) -> Command:
    """Give any order. Overrides and emergency messages are also written to the audit trail.

    Raises Forbidden, Missing and Refused.
    """
    _check(actor, channel, order, now)
    with db.write() as session:
        if session.get(ChannelRow, channel) is None:
            raise Missing("channel")
        # Locks the channel: two presses at one moment must not get the same number.
        session.get(PlanVersionRow, channel, with_for_update=True)
        machine = _machine(session, channel, order, now) if order.verb is Verb.MOVE else None
        id = new_id()
        command = Command(
            id=id,
            number=find.house.last_command(session, channel) + 1,
            verb=order.verb,
            issued_at=now,
            expires_at=now + limits.EXPIRES_AFTER,
            actor=actor.name,
            cue=order.cue,
            item=order.item,
            minutes=order.minutes,
            source=order.source,
            until=order.until,
            text=one_line(order.text),
            placement=order.placement,
            graphic=replace(order.graphic, id=id) if order.graphic else None,
            machine=machine,
        )
        session.add(load.commands.command_row(channel, command))
        if order.verb in AUDITED:
            session.add(_audit(session, actor, channel, command, order))
    return command


def _machine(session: Session, channel: ChannelId, order: Order, now: datetime) -> str | None:
    """Return the machine that is to send, as it names itself. Raises Refused where it cannot."""
    both = pair_machines(session, channel)
    refusal = move_refusal(both, order.to or HostId(""), now)
    if refusal is not None:
        raise Refused(message=refusal)
    target = next(one for one in both if one.host == order.to)
    return target.pair.machine if target.pair is not None else None


def _check(actor: Actor, channel: ChannelId, order: Order, now: datetime) -> None:
    _may(actor, channel, order.verb)
    _bound(order)
    if order.verb is Verb.EXTEND and (fault := limits.extension_fault(order.minutes)):
        raise Refused({"minutes": fault})
    if order.verb is Verb.TAKE and order.item is None:
        raise Refused({"item": "Choose what to put on air."})
    if order.verb is Verb.OVERRIDE and order.source is None:
        raise Refused({"source": "Choose a source."})
    if order.verb is Verb.EMERGENCY and (fault := limits.message_fault(one_line(order.text))):
        raise Refused({"text": fault})
    if order.verb is Verb.GRAPHIC and (fault := _graphic_fault(order.graphic, now)):
        raise Refused({"graphic": fault})
    ends = order.verb in (Verb.OVERRIDE, Verb.EMERGENCY)
    if ends and (fault := limits.end_fault(order.until, now)):
        raise Refused({"until": fault})


def _graphic_fault(graphic: PlannedGraphic | None, now: datetime) -> str | None:
    """Return why this cannot be shown; the host would reject all commands with a longer text."""
    if graphic is None:
        return "Write what to show."
    if isinstance(graphic, Crawl):
        too_long = len(graphic.text) > LONGEST_CRAWL
        return TOO_LONG_A_CRAWL if too_long else limits.graphic_fault(graphic, now)
    too_long = max(len(graphic.first), len(graphic.second)) > LONGEST_LINE
    return TOO_LONG_A_LINE if too_long else limits.graphic_fault(graphic, now)


def _bound(order: Order) -> None:
    """Refuse an order whose values are too long for the wire: the host would reject all its
    commands.
    """
    ids = (order.cue, order.item)
    if any(id is not None and len(id) > LONGEST_ID for id in ids) or len(order.source or "") > 32:
        raise Refused(message="This notice no longer exists. Reload the page.")
    if order.minutes is not None and not 0 <= order.minutes <= limits.MOST_EXTENSION_MINUTES:
        raise Refused({"minutes": limits.MINUTES_NEEDED})


def _may(actor: Actor, channel: ChannelId, verb: Verb) -> None:
    if verb is Verb.MOVE:
        if not actor.may(Right.EQUIP):
            raise Forbidden(Right.EQUIP.value)
        return
    if verb in EMERGENCIES:
        if not actor.may(Right.OVERRIDE, channel):
            raise Forbidden(Right.OVERRIDE.value)
        return
    emergency = verb in {Verb.SLATE, Verb.REJOIN} and actor.may(Right.OVERRIDE, channel)
    if not emergency and not actor.may(Right.OPERATE, channel):
        raise Forbidden(Right.OPERATE.value)


def _audit(
    session: Session, actor: Actor, channel: ChannelId, command: Command, order: Order
) -> ChangeRow:
    host = session.get(HostRow, order.to) if order.to else None
    source = session.get(SourceRow, command.source) if command.source else None
    row = session.get(ChannelRow, channel)
    until = clock(command.until, ZoneInfo(row.zone)) if command.until and row else ""
    sentence = {
        Verb.OVERRIDE: f"Put {source.name if source else 'a source'} on air until {until}",
        Verb.EMERGENCY: f"Put an emergency message on air until {until}: {command.text}",
        Verb.CLEAR: "Took the emergency message down",
        Verb.MOVE: f"Moved {row.name if row else channel} to {host.name if host else 'another'}",
    }[command.verb]
    return ChangeRow(
        at=command.issued_at,
        actor_id=actor.id,
        actor_name=actor.name,
        verb=command.verb.value,
        entity="command",
        entity_id=command.id,
        sentence=sentence,
        channels=[channel],
        parts=[],
    )
