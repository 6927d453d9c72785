"""What the agent tells: its status for the server, and the as-run rows reckoned from air facts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.names import ChannelId
from config.readjson import read_json
from config.wholefile import write_whole
from playout.host.channel_state import ChannelState
from playout.host.health import AirHealth
from playout.host.server_sync import read_meter
from playout.model.commands import Question
from playout.model.engine import Engine, Observation
from playout.model.events import Message, MessagePlacement
from playout.model.layer import Layer
from playout.model.rundown import Cue, next_cue, next_item, position
from playout.model.wire import Status
from playout.state.air_state import AirState

NO_OBSERVATION = Observation(0, datetime.min.replace(tzinfo=UTC), Layer.SLATE, None, 0, 0)
"""What is told of an engine that is not heard."""
CURSOR_SAVED_EVERY = timedelta(seconds=10)
"""How often the place in the air log is written down."""


class StatusReporter:
    """Reads the air log from where it stopped and words the status."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host, self.folder = host, folder
        self._cursor = 0
        self._kept: tuple[int, datetime] | None = None
        self._health = AirHealth(folder / "health.json")

    def open(self) -> None:
        """Go on where the last agent was, a little before anything it had not reported."""
        try:
            self._cursor = int(read_json(self.folder / "air.cursor"))
        except (OSError, ValueError, TypeError):
            self._cursor = 0

    def reckon(
        self, engine: Engine, state: ChannelState, now: datetime, seen: Observation | None
    ) -> None:
        """Count what aired since, and journal what is over. Raises EngineError.

        While facts wait in the engine's memory, or more of them are known to follow than one
        reading takes, nothing is judged for want of facts.
        """
        reckoner = state.reckoner
        start = self._cursor
        facts, self._cursor = engine.facts(start)
        seen = seen or NO_OBSERVATION
        log_waits = seen.log_waits or (bool(facts) and self._cursor < seen.air_cursor)
        known = {cue.id: cue for cue in state.happened.pinned}
        reckoner.count(facts, known, start)
        for row in reckoner.rows(state.plan, state.rundown, state.happened, now, log_waits):
            state.journal.as_run(now, row)
        self._keep(reckoner.safe(self._cursor), now)

    def _keep(self, cursor: int, now: datetime) -> None:
        if self._kept is not None and timedelta(0) <= now - self._kept[1] < CURSOR_SAVED_EVERY:
            return
        if self._kept is None or self._kept[0] != cursor:
            try:
                write_whole(self.folder / "air.cursor", str(cursor).encode())
            except OSError:
                return
        self._kept = (cursor, now)

    def status(
        self,
        state: ChannelState,
        current: Cue,
        now: datetime,
        seen: Observation | None,
        problems: list[str],
        questions: tuple[Question, ...] = (),
    ) -> Status:
        """The channel in one value; what is wrong on air comes before other problems."""
        seen, happened = seen or NO_OBSERVATION, state.happened
        return Status(
            channel=state.plan.channel,
            host=self.host,
            at=now,
            tick=seen.tick,
            layer=seen.layer.value,
            cue=current.id,
            item=current.item,
            title=current.title,
            started=current.start,
            ends=None if current.held else current.end,
            offset=position(current, now).total_seconds(),
            revision=state.revision,
            serial=seen.serial,
            outputs=seen.outputs,
            late_ticks=seen.late_ticks,
            clock_step=seen.clock_step,
            missing=tuple(one.key for one in state.missing),
            disk_free=state.library.free_bytes(),
            problems=(*self._wrong(current, seen, happened, now), *problems),
            next=next_item(state.rundown, now) or next_cue(state.rundown, now),
            meter=read_meter(self.folder / "watch" / "meter.json"),
            sources=seen.sources,
            questions=questions,
            override=happened.overrides.get(current.id),
            message=_in_force(happened, now),
            message_shown=happened.message is not None and seen.graphic == happened.message.id,
            running=state.reckoner.running(state.plan, happened),
        )

    def _wrong(
        self, current: Cue, seen: Observation, happened: AirState, now: datetime
    ) -> list[str]:
        covered = covers(happened.message, seen.graphic)
        return self._health.look(current, seen.layer, now, covered=covered)

    def standby(self, channel: str, at: datetime, seen: Observation | None, reason: str) -> Status:
        """The channel while the clock is not trusted: the slate, and why."""
        seen = seen or NO_OBSERVATION
        return Status(
            channel=ChannelId(channel),
            host=self.host,
            at=at,
            tick=0,
            layer=seen.layer.value,
            cue=None,
            item=None,
            title="The slate",
            started=None,
            ends=None,
            offset=0.0,
            revision=None,
            serial=seen.serial,
            outputs=seen.outputs,
            late_ticks=seen.late_ticks,
            clock_step=seen.clock_step,
            problems=(reason,),
        )


def _in_force(happened: AirState, now: datetime) -> Message | None:
    """The emergency message on the picture now, if any."""
    message = happened.message
    return message if message is not None and now < message.until else None


def covers(message: Message | None, graphic: str) -> bool:
    """True while the message fills the screen: what is seen and heard is the message."""
    if message is None or message.placement is not MessagePlacement.FULL:
        return False
    return graphic == message.id
