"""One airing: what staff set of it, what the server stores with it, and what makes it valid."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from config.bounded import FIRST_YEAR, LAST_YEAR
from config.names import AiringId, ChannelId
from playout.model.plan import ContentKind, EndRule, MissedStart, Outcome, StartRule
from playout.timing.choosing import chosen_title
from scheduler.domain.model.airing_graphics import AiringGraphic
from scheduler.domain.model.airing_graphics import problem as graphics_problem
from scheduler.domain.model.ids import AssetId, MeetingId, ProgramId, SearchId, SeriesId

LONGEST_AIRING = timedelta(days=2)
"""Longest planned airing, and longest wait for the program before."""
REPLAY_WAITS_UP_TO = timedelta(hours=3)
"""Wait of a replay of a meeting for what runs over before it."""


@dataclass(frozen=True)
class AiringDraft:
    """The fields of an airing that staff may set. Instants are aware; lengths are elapsed time."""

    channel: ChannelId
    title: str
    start: datetime
    length: timedelta
    program: ProgramId | None = None
    start_rule: StartRule = StartRule.HARD
    wait_limit: timedelta = timedelta(0)
    end_rule: EndRule = EndRule.CUT
    hard_limit: datetime | None = None
    missed: MissedStart = MissedStart.JOIN
    locked: bool = False
    asset: AssetId | None = None
    in_point: timedelta = timedelta(0)
    source: str | None = None
    slate_text: str = ""
    replay: bool = False
    public: bool = True
    """False keeps it out of feeds and public pages."""
    public_note: str = ""
    """One or two sentences viewers may read."""
    notes: str = ""
    """For staff only."""
    record: bool = False
    """Record the live source."""
    replay_of: AiringId | None = None
    """The airing whose recording it shows, whether there is one yet or not."""
    substitute: AssetId | None = None
    """The file that airs if that recording fails."""
    meeting: MeetingId | None = None
    """The meeting that made it, and that moves and cancels it."""
    slot: str = ""
    """Which of the meeting's replay rules asked for it; empty for the live airing itself."""
    graphics: tuple[AiringGraphic, ...] = ()
    """Lower thirds and crawls planned with it."""
    search: SearchId | None = None
    """The saved search that it airs the first of, as found for its start."""


@dataclass(frozen=True)
class Airing:
    """An airing as stored; `draft` holds everything that staff may set."""

    id: AiringId
    draft: AiringDraft
    series: SeriesId | None
    series_day: date | None
    """The local day for which its series made it, whatever became of it since."""
    edited: bool
    """True once somebody changed it by hand: its series then leaves it alone."""
    cancelled: bool
    cancelled_at: datetime | None
    sequence: int
    """Number of changes that viewers could see."""
    public_modified: datetime
    """Time of the last change that viewers could see."""
    outcome: Outcome | None
    outcome_reason: str
    aired_start: datetime | None
    aired_end: datetime | None
    created: datetime
    updated: datetime
    updated_by: str
    version: int
    moved_from: datetime | None = None
    """The start that viewers were told first; None while it is still that."""
    chosen: str = ""
    """What its saved search takes, as viewers are told: a title, or `newest` while that may still
    change."""

    @property
    def channel(self) -> ChannelId:
        """The channel it is on."""
        return self.draft.channel

    @property
    def title(self) -> str:
        """Its title, for staff and viewers, with what its saved search takes."""
        return chosen_title(self.draft.title, self.chosen)

    @property
    def start(self) -> datetime:
        """Planned start, UTC."""
        return self.draft.start

    @property
    def end(self) -> datetime:
        """Planned end, UTC."""
        return self.draft.start + self.draft.length

    @property
    def kind(self) -> ContentKind:
        """The kind of content that makes its picture."""
        return kind_of(self.draft)


def kind_of(draft: AiringDraft) -> ContentKind:
    """Return live for a draft with a source, slate for one with words only, file for any other."""
    if draft.source:
        return ContentKind.LIVE
    if draft.slate_text and draft.asset is None:
        return ContentKind.SLATE
    return ContentKind.FILE


def again(first: AiringDraft, of: AiringId, start: datetime, *, replay: bool) -> AiringDraft:
    """Return a draft that airs the same at `start`, on its own and no longer part of a meeting.

    A replay of something that is recorded shows the recording: it waits for what runs over before
    it, begins at the top and is shown whole. `of` is the airing whose recording it shows.
    """
    copy = replace(
        first,
        start=start,
        hard_limit=None,
        replay=replay or first.replay,
        meeting=None,
        slot="",
    )
    if not replay or not first.record:
        return copy
    # A recording begins before the meeting does, so the moments of its graphics are not the live's.
    return replace(
        copy,
        graphics=(),
        source=None,
        record=False,
        replay_of=of,
        start_rule=StartRule.WAIT,
        wait_limit=REPLAY_WAITS_UP_TO,
        end_rule=EndRule.FINISH,
        missed=MissedStart.TOP,
    )


def moved(draft: AiringDraft, start: datetime) -> AiringDraft:
    """Return the airing at another start."""
    limit = moved_limit(draft.hard_limit, start - draft.start)
    return replace(draft, start=start, hard_limit=limit)


def moved_limit(limit: datetime | None, by: timedelta) -> datetime | None:
    """Return the hard limit of something that starts `by` later: it keeps its distance."""
    return None if limit is None else limit + by


def problems(draft: AiringDraft, now: datetime, *, is_new: bool = True) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not draft.title.strip() or len(draft.title) > 200:
        errors["title"] = "Give the airing a title of up to 200 characters."
    if wrong := start_problem(draft.start, draft.length, now, is_new=is_new):
        errors["start"] = wrong
    if not timedelta(seconds=1) <= draft.length <= LONGEST_AIRING:
        errors["length"] = "The length must be between one second and two days."
    errors.update(_rule_problems(draft))
    if wrong := graphics_problem(draft.graphics, draft.length):
        errors["graphics"] = wrong
    return errors


def start_problem(start: datetime, length: timedelta, now: datetime, *, is_new: bool) -> str:
    """Return what is wrong with a start, in a sentence; empty where nothing is."""
    if start.tzinfo is None:
        return "Choose the time zone it starts in."
    if not FIRST_YEAR <= start.year < LAST_YEAR:
        return f"Choose a time in the years {FIRST_YEAR} to {LAST_YEAR - 1}."
    if is_new and start + length <= now:
        return "That time has passed; choose a later one."
    return ""


def _rule_problems(draft: AiringDraft) -> dict[str, str]:
    errors: dict[str, str] = {}
    if draft.start_rule is StartRule.WAIT and draft.wait_limit <= timedelta(0):
        errors["wait_limit"] = "Enter how long it may wait for the program before it."
    if draft.wait_limit > LONGEST_AIRING:
        errors["wait_limit"] = "It can wait two days at most."
    if draft.end_rule is EndRule.HOLD and not draft.source:
        errors["end_rule"] = "Only a live airing can be held until it is adjourned."
    if draft.hard_limit is not None and draft.hard_limit <= draft.start:
        errors["hard_limit"] = "The latest end time must be after the start."
    if draft.source and draft.asset:
        errors["asset"] = "An airing is live or plays a file, not both."
    if draft.search and (draft.source or draft.asset or draft.replay_of):
        errors["search"] = (
            "An airing shows a file, a live, a recording or a saved search: only one."
        )
    if draft.in_point < timedelta(0):
        errors["in_point"] = "It cannot begin before the file does."
    return errors
