"""Faults that the server knows of, as observations: the verdicts of others, collected."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from config.clock_steps import elapsed
from config.names import ChannelId
from config.times import length
from playout.alerts.conditions import Condition
from playout.alerts.of_status import REPORTER, observations
from playout.alerts.tracking import Observation
from playout.model.plan import Outcome
from playout.model.wire import Status
from scheduler.db import find
from scheduler.db.store import Database, Session
from scheduler.domain.air.machine_words import two_machines
from scheduler.domain.air.pairs import standby_words, took_over
from scheduler.domain.air.readiness import Light, findings
from scheduler.domain.model.alerts import FaultList
from scheduler.domain.model.channel import Channel
from scheduler.reading.airing_views import airing_views
from scheduler.reading.channels import channels_in_use
from scheduler.reading.host_state import last_report
from scheduler.reading.machines import pair_machines, rivals_of

SERVER, SCHEDULE, RECORDINGS, AS_RUN = "server", "schedule", "recordings", "as-run"
"""Names of the reporters, beside the host's own."""
MISSES_LOOKED_AHEAD = timedelta(hours=24)
TOLD_FOR = timedelta(hours=24)
"""A failed recording is a fault for this long, or until a person acknowledges it."""
MISS_TOLD_FOR = timedelta(minutes=15)
MISSES = (Outcome.MISSED.value, Outcome.SUBSTITUTED.value)


def faults(db: Database, now: datetime) -> tuple[FaultList, ...]:
    """Return what is wrong at `now`, by reporter. Of a silent host's channel only that is known.

    What `misses` returns is not in it: that takes longer.
    """
    with db.read() as session:
        channels = channels_in_use(session)
        silent, heard = _hosts(session, channels, now)
        doubled = [one for channel in channels for one in _doubled(session, channel, now)]
        pairs = [one for channel in channels for one in _of_pair(session, channel, now)]
        failed = tuple(
            Observation(
                Condition.RECORDING_FAILED, row.channel_id, row.id, True,
                f"The recording of {row.title} failed. {row.recorded_note}".rstrip(), now,
                RECORDINGS,
            )
            for row in find.meetings.failed_recordings(session, now - TOLD_FOR)
        )  # fmt: skip
        missed = [one for channel in channels for one in _aired_otherwise(session, channel, now)]
    return (
        FaultList(SERVER, None, (*silent, *doubled, *pairs)),
        *(_of_host(status, now) for status in heard),
        FaultList(RECORDINGS, None, failed),
        FaultList(AS_RUN, None, tuple(missed)),
    )


def misses(db: Database, now: datetime) -> FaultList:
    """Return the airings of the next day that cannot air as they are, on every channel."""
    with db.read() as session:
        channels = channels_in_use(session)
        found = [one for channel in channels for one in _misses(session, channel, now)]
    return FaultList(SCHEDULE, None, tuple(found))


def _of_host(status: Status, now: datetime) -> FaultList:
    channels, holding = frozenset({str(status.channel)}), observations(status, now)
    return FaultList(REPORTER, channels, holding, status.host, status.told)


def _hosts(
    session: Session, channels: Sequence[Channel], now: datetime
) -> tuple[list[Observation], list[Status]]:
    """Return the hosts that are silent, and the status of those that are heard.

    A channel that no machine ever reported on is not on air yet, so nothing is wrong with it.
    """
    silent, heard = [], []
    for channel in channels:
        last = last_report(session, channel.id)
        if last is None:
            continue
        if not last.silent(now):
            heard.append(last.status)
            continue
        unheard = length(elapsed(last.at, now))
        words = f"{last.host} has not reported on {channel.name} for {unheard}."
        silent.append(_seen(Condition.HOST_SILENT, channel.id, "", words, now, SERVER))
    return silent, heard


def _doubled(session: Session, channel: Channel, now: datetime) -> list[Observation]:
    """Return the machines that air a channel which another machine airs already."""
    return [
        _seen(
            Condition.TWO_HOSTS,
            channel.id,
            second.tag,
            two_machines(channel.name, first, second, channel.tz),
            now,
            SERVER,
        )
        for first, second in rivals_of(session, channel.id, now)
    ]


def _of_pair(session: Session, channel: Channel, now: datetime) -> Iterator[Observation]:
    """Yield what is wrong with the two machines of a channel, beside what the sender reports."""
    both = pair_machines(session, channel.id)
    if not both:
        return
    moved = find.machines.last_move(session, channel.id)
    words = took_over(both, moved, now)
    if words:
        yield _seen(Condition.TOOK_OVER, channel.id, "", words, now, SERVER)
    is_ready, words = standby_words(both, now)
    if not is_ready:
        yield _seen(Condition.NO_STANDBY, channel.id, "", f"{words}.", now, SERVER)


def _misses(session: Session, channel: Channel, now: datetime) -> list[Observation]:
    """Return the airings of the next day whose light is red; an overlap is left to its planner."""
    rows = find.plan.airings(session, channel.id, now, now + MISSES_LOOKED_AHEAD)
    return [
        _seen(
            Condition.NO_SIGNAL if one.live else Condition.MEDIA_MISSING,
            channel.id,
            "" if one.live else one.airing,
            one.sentence,
            now,
            SCHEDULE,
        )
        for one in findings(airing_views(session, rows, now), now)
        if one.light is Light.RED and one.other is None
    ]


def _aired_otherwise(session: Session, channel: Channel, now: datetime) -> list[Observation]:
    """Return the airings that were just judged, from their frames, not to have been on air."""
    return [
        _seen(
            Condition.WRONG_ITEM,
            channel.id,
            row.cue,
            f"{row.title}: {row.outcome}. {row.reason}".rstrip(),
            now,
            AS_RUN,
        )
        for row in find.house.misses(session, channel.id, now - MISS_TOLD_FOR, MISSES)
    ]


def _seen(
    condition: Condition, channel: ChannelId, subject: str, words: str, at: datetime, reporter: str
) -> Observation:
    return Observation(condition, channel, subject, True, words, at, reporter)
