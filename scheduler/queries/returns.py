"""Channels that return to their first machine by rule now."""

from collections.abc import Iterator
from datetime import datetime

from config.names import ChannelId
from playout.model.plan import ContentKind
from playout.model.rundown import cue_at
from scheduler.db import find, load
from scheduler.db.store import Database, Session
from scheduler.domain.air.pairs import PairSettings, is_return_due, took_over
from scheduler.domain.model.ids import HostId
from scheduler.reading.channels import channels_in_use
from scheduler.reading.host_state import last_report
from scheduler.reading.machines import pair_machines


def due(db: Database, now: datetime) -> tuple[tuple[ChannelId, HostId], ...]:
    """Return each such channel with its primary."""
    with db.read() as session:
        return tuple(
            (channel, pair.primary)
            for channel, pair in _with_a_rule(session)
            if _is_due(session, channel, pair, now)
        )


def _with_a_rule(session: Session) -> Iterator[tuple[ChannelId, PairSettings]]:
    for channel in channels_in_use(session):
        pair = load.machines.pair_settings(find.machines.pair(session, channel.id))
        if pair is not None and pair.quiet is not None:
            yield channel.id, pair


def _is_due(session: Session, channel: ChannelId, pair: PairSettings, now: datetime) -> bool:
    both = pair_machines(session, channel)
    # After a move by hand it stays where staff put it.
    if not took_over(both, find.machines.last_move(session, channel), now):
        return False
    last = last_report(session, channel)
    if last is None or last.expected is None:
        return False
    cue = cue_at(last.expected, now)
    ready = next(
        (row.ready_since for row in find.machines.of_channel(session, channel)
         if row.holds and row.host_id == pair.primary),
        None,
    )  # fmt: skip
    is_live = cue.kind is ContentKind.LIVE or cue.held
    return is_return_due(both, pair.quiet, ready, cue.start, now, is_live=is_live)
