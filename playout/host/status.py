"""The status that the agent reports: what is on air, what is wrong, and what staff are asked."""

from datetime import UTC, datetime
from pathlib import Path

from config.names import ChannelId
from playout.alerts.conditions import Condition
from playout.direction.emergency import message_in_force
from playout.host.captions import CaptionWatch
from playout.host.channel_state import ChannelState
from playout.host.health import AirHealth
from playout.host.leaving import faults_of_places, read_places
from playout.host.loudness import read_days
from playout.host.server_sync import read_meter
from playout.host.setup import machine_setup
from playout.model.caption_status import CaptionStatus
from playout.model.commands import Question
from playout.model.engine import Observation
from playout.model.events import Message, MessagePlacement
from playout.model.layer import Layer
from playout.model.pair import PairStatus
from playout.model.rundown import Cue, next_cue, next_item, position
from playout.model.wire import LONGEST_FAULT, HostFault, Status

NO_OBSERVATION = Observation(0, datetime.min.replace(tzinfo=UTC), Layer.SLATE, None, 0, 0)
"""Stands in for an engine that does not respond."""


class StatusReporter:
    """Puts the channel's state into one status for the server and for callers on this machine."""

    def __init__(self, host: str, folder: Path, stream: str = "") -> None:
        self.host, self.folder, self._stream = host, folder, stream
        self._health, self._captions = AirHealth(folder / "health.json"), CaptionWatch()

    def status(
        self,
        state: ChannelState,
        current: Cue,
        now: datetime,
        seen: Observation | None,
        problems: list[str],
        questions: tuple[Question, ...] = (),
        faults: tuple[HostFault, ...] = (),
        pair: PairStatus | None = None,
    ) -> Status:
        """Return the channel's status; what is wrong on air comes before other problems.

        `faults` are those of the problems whose kind is known.
        """
        seen, happened = seen or NO_OBSERVATION, state.happened
        captions, wrong = self._judged(state, current, seen, now)
        left = faults_of_places(leaving := read_places(self.folder, now))
        return Status(
            channel=state.plan.channel, host=self.host, at=now,
            tick=seen.tick, layer=seen.layer.value, revision=state.revision,
            cue=current.id, item=current.item, title=current.title,
            started=current.start, ends=None if current.held else current.end,
            offset=position(current, now).total_seconds(),
            serial=seen.serial, outputs=seen.outputs,
            late_ticks=seen.late_ticks, clock_step=seen.clock_step,
            missing=tuple(one.key for one in state.missing),
            disk_free=state.library.free_bytes(),
            problems=(*wrong, *(fault.words for fault in left), *problems),
            next=next_item(state.rundown, now) or next_cue(state.rundown, now),
            meter=read_meter(self.folder / "watch" / "meter.json"),
            sources=seen.sources, questions=questions,
            override=happened.overrides.get(current.id),
            message=message_in_force(happened, now),
            message_shown=happened.message is not None and seen.graphic == happened.message.id,
            graphics=seen.graphics, captions=captions,
            running=state.reckoner.running(state.plan, happened),
            loudness=read_days(self.folder), faults=(*self._health.faults, *left, *faults),
            leaving=leaving, pair=pair, setup=machine_setup(self._stream, seen),
        )  # fmt: skip

    def _judged(
        self, state: ChannelState, current: Cue, seen: Observation, now: datetime
    ) -> tuple[CaptionStatus, list[str]]:
        """Return the captions of what is on air, and what is wrong with its picture, sound and
        captions.
        """
        covered = covers(state.happened.message, seen.graphic)
        wrong = self._health.look(current, seen.layer, now, covered=covered)
        media = current.media
        here = media is None or state.library.captions(media) is not None
        captions, mute = self._captions.look(current, seen, now, are_here=here)
        return captions, [*wrong, *mute]

    def standby(self, channel: str, at: datetime, seen: Observation | None, reason: str) -> Status:
        """Return the status while the clock is not believed: the slate, and why."""
        # No revision and no cue: the server must take nothing of this for what airs by plan.
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
            faults=(HostFault(Condition.CLOCK.value, reason),),
        )


def faults_of(engine: str, disk: str, media: str, certificates: str) -> tuple[HostFault, ...]:
    """Return by kind what is wrong with the engine, the disk, the files of the plan and the
    certificates of far ends, each in words or empty.
    """
    kinds = (
        (Condition.ENGINE_AWAY, engine),
        (Condition.DISK, disk),
        (Condition.MEDIA_MISSING, media),
        (Condition.CERTIFICATE, certificates),
    )
    return tuple(HostFault(kind.value, words[:LONGEST_FAULT]) for kind, words in kinds if words)


def covers(message: Message | None, graphic: str) -> bool:
    """Return whether the message fills the screen, so that it is all that is seen and heard."""
    if message is None or message.placement is not MessagePlacement.FULL:
        return False
    return graphic == message.id
