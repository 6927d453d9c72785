"""A meeting as one object: what the clerk announced, and the airings that follow from it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from config import webaddress
from config.names import AiringId, ChannelId
from playout.model.plan import EndRule, MissedStart, StartRule
from scheduler.domain.meetings.replays import ReplayRules
from scheduler.domain.meetings.replays import problems as replay_problems
from scheduler.domain.meetings.roster import AgendaItem, agenda_items_problem
from scheduler.domain.model.airing import (
    LONGEST_AIRING,
    REPLAY_WAITS_UP_TO,
    Airing,
    AiringDraft,
    moved_limit,
    start_problem,
)
from scheduler.domain.model.ids import AssetId, MeetingId, MeetingSeriesId, SourceId
from scheduler.domain.reported.states import DID_NOT_AIR, NOT_RECORDED

DECISIONS_LAPSE_AFTER = timedelta(days=7)
"""Open questions about a meeting lapse this long after its end."""


SHARED_WITH_LIVE = (
    "channel", "title", "start", "length", "hard_limit", "source", "public_note",
)  # fmt: skip
"""Fields that the live airing of a meeting takes from it, by the same names in both drafts."""


class MeetingStage(StrEnum):
    """The stages of a meeting, in the words of the pages."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    ADJOURNED = "adjourned"
    DID_NOT_AIR = DID_NOT_AIR
    NOT_RECORDED = NOT_RECORDED
    """Its time has passed, and the broadcast machine has not told what became of it."""
    CANCELLED = "canceled"


@dataclass(frozen=True)
class MeetingDraft:
    """The fields of a meeting that staff may set. Instants are aware; lengths are elapsed time."""

    channel: ChannelId
    title: str
    start: datetime
    length: timedelta
    """How long it is expected to last: an estimate, never an end."""
    body: str = ""
    """Who meets: City Council, Standing Committee, Zoning Board."""
    room: str = ""
    televised: bool = True
    source: SourceId | None = None
    hard_limit: datetime | None = None
    """An instant that is never passed; None, the default, for no limit."""
    agenda: str = ""
    """Address of the agenda on the web."""
    public_note: str = ""
    notes: str = ""
    """For staff only."""
    substitute: AssetId | None = None
    """What its replays show should the recording fail."""
    replays: ReplayRules = field(default_factory=ReplayRules)
    agenda_items: tuple[AgendaItem, ...] = ()
    """What a lower third may announce, in order."""


@dataclass(frozen=True)
class MeetingRecording:
    """The broadcast machine's report of a meeting's recording."""

    length: timedelta
    ok: bool
    note: str
    """What is wrong with it, in words; empty when nothing is."""
    at: datetime


@dataclass(frozen=True)
class Meeting:
    """A meeting as stored."""

    id: MeetingId
    draft: MeetingDraft
    cancelled: bool
    recording: MeetingRecording | None
    version: int
    series: MeetingSeriesId | None = None
    series_day: date | None = None
    """The local day for which its series made it."""
    made: MeetingDraft | None = None
    """What its series said of it last."""
    own: frozenset[str] = frozenset()
    """Fields that somebody set on this one, in which it no longer follows its series."""
    off: bool = False
    """True where its series took it off the schedule, and may bring it back."""

    @property
    def edited(self) -> bool:
        """True once somebody moved or cancelled this one: its series then leaves it there."""
        return "start" in self.own or (self.cancelled and not self.off)

    @property
    def title(self) -> str:
        """Its title, for staff and viewers."""
        return self.draft.title

    @property
    def start(self) -> datetime:
        """The planned call to order, UTC."""
        return self.draft.start

    @property
    def end(self) -> datetime:
        """The expected end, UTC."""
        return self.draft.start + self.draft.length

    @property
    def known_length(self) -> timedelta:
        """The recording's true length once there is one, the expected length until then."""
        if self.recording is not None and self.recording.ok:
            return self.recording.length
        return self.draft.length


def live_draft(meeting: Meeting) -> AiringDraft:
    """Return the live airing of a meeting: hard start, held until adjourned, recorded."""
    return AiringDraft(
        **_shared_with_live(meeting),
        start_rule=StartRule.HARD,
        end_rule=EndRule.HOLD,
        missed=MissedStart.JOIN,
        record=True,
        meeting=meeting.id,
    )


def live_followed(live: AiringDraft, meeting: Meeting) -> AiringDraft:
    """Return the live airing as its meeting is now; its other fields stay as staff set them."""
    return replace(live, **_shared_with_live(meeting))


def _shared_with_live(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting.draft, name) for name in SHARED_WITH_LIVE}


def moved(draft: MeetingDraft, start: datetime) -> MeetingDraft:
    """Return the meeting at another start; its hard limit stays as far from the start as it was."""
    limit = moved_limit(draft.hard_limit, start - draft.start)
    return replace(draft, start=start, hard_limit=limit)


def replay_draft(meeting: Meeting, live: AiringId, start: datetime, slot: str) -> AiringDraft:
    """Return a replay: it waits for what runs over, starts at the top and shows the whole
    recording.
    """
    draft = meeting.draft
    return AiringDraft(
        channel=draft.channel,
        title=draft.title,
        start=start,
        length=meeting.known_length,
        start_rule=StartRule.WAIT,
        wait_limit=REPLAY_WAITS_UP_TO,
        end_rule=EndRule.FINISH,
        missed=MissedStart.TOP,
        replay=True,
        replay_of=live,
        substitute=draft.substitute,
        meeting=meeting.id,
        slot=slot,
        public_note=draft.public_note,
    )


def stage(
    meeting: Meeting,
    live: Airing | None,
    on_air: Container[AiringId],
    coming: Container[AiringId],
    now: datetime,
) -> MeetingStage:
    """Return how far the meeting has come.

    `on_air` are the airings that its channel shows now, or that wait under an operator's override;
    `coming` those it still expects to show. A televised meeting is adjourned when its live airing
    has been seen and is no longer on air. Any other is adjourned when its expected end has passed,
    because no report tells of it.
    """
    if meeting.cancelled:
        return MeetingStage.CANCELLED
    if live is None:
        if now < meeting.start:
            return MeetingStage.PLANNED
        return MeetingStage.UNDER_WAY if now < meeting.end else MeetingStage.ADJOURNED
    if live.id in on_air:
        return MeetingStage.UNDER_WAY
    if live.aired_end is not None:
        return MeetingStage.ADJOURNED
    if live.outcome is not None:
        return MeetingStage.DID_NOT_AIR
    return (
        MeetingStage.PLANNED
        if now < meeting.end or live.id in coming
        else MeetingStage.NOT_RECORDED
    )


def problems(draft: MeetingDraft, now: datetime, *, is_new: bool = True) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors = dict(replay_problems(draft.replays))
    if not draft.title.strip() or len(draft.title) > 200:
        errors["title"] = "Give the meeting a title of up to 200 characters."
    if wrong := start_problem(draft.start, draft.length, now, is_new=is_new):
        errors["start"] = wrong
    if not timedelta(minutes=1) <= draft.length <= LONGEST_AIRING / 2:
        errors["length"] = "The expected length must be between one minute and one day."
    if draft.televised and not draft.source:
        errors["source"] = "Choose its video source, or uncheck Televised live."
    if draft.hard_limit is not None and draft.hard_limit <= draft.start:
        errors["hard_limit"] = "The latest end time must be after the start."
    if wrong := webaddress.problem(draft.agenda):
        errors["agenda"] = wrong
    if wrong := agenda_items_problem(draft.agenda_items):
        errors["agenda_items"] = wrong
    return errors


def decisions(
    meeting: Meeting, stands: MeetingStage, left_out: Sequence[str], empty: int, now: datetime
) -> tuple[str, ...]:
    """Return the decisions a person still has to make, a sentence each.

    `left_out` says which replays found no slot, `empty` how many coming replays have nothing to
    show.
    """
    if meeting.cancelled:
        return ()
    sentences, recent = [], now < meeting.end + DECISIONS_LAPSE_AFTER
    if now < meeting.start and meeting.draft.televised and not meeting.draft.agenda:
        sentences.append("Viewers have no link to the agenda yet.")
    if recent and meeting.draft.televised and not meeting.draft.replays.any:
        sentences.append("No replay is set: choose when it airs again.")
    if stands is MeetingStage.DID_NOT_AIR and empty:
        replays = f"{empty} replays have" if empty > 1 else "A replay has"
        sentences.append(f"This meeting did not air. {replays} nothing to show.")
    sentences += left_out
    kept = meeting.recording
    if kept is not None and kept.note and (recent or not kept.ok and empty):
        word = "needs attention" if kept.ok else "failed"
        sentences.append(f"The recording {word}: {kept.note}")
    return tuple(sentences)
