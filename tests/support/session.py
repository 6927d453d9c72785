"""A meeting on air as the server sees it: the plan it published, and a host's reports."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from support.desk import ADMIN, CH13, HOUR, NOW, PLANNER

from config.names import AiringId, ItemId
from playout.commands.obey import obey
from playout.lives.questions import questions
from playout.model.commands import Command, Verb
from playout.model.events import Begun, Event, On
from playout.model.plan import Plan
from playout.model.rundown import cue_at
from playout.model.source import SourceReport
from playout.model.wire import JournalEntry, Report, Status, decode
from playout.state.air_state import CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.replays import resolve_replays
from playout.timing.settle import settle
from scheduler.actions import meetings, reports, sources
from scheduler.db.store import Database
from scheduler.domain.meetings.meeting import Meeting, MeetingDraft
from scheduler.domain.model.source import SourceDraft
from scheduler.process.publish import publish_changed
from scheduler.queries import meetings as query
from scheduler.queries.host_api import commands_after, published_plan


def a_meeting_now(db: Database, at: datetime = NOW, **over: Any) -> Meeting:
    """Add and publish a meeting of two hours that begins at `at`, from a test source."""
    source = sources.add(db, ADMIN, at, SourceDraft("Chamber", "test:")).id
    draft = MeetingDraft(
        CH13, "City Council: Regular Meeting", at, 2 * HOUR, "City Council", source=source
    )
    made = meetings.add(db, PLANNER, at, replace(draft, **over))
    publish_changed(db, at)
    return made


@dataclass
class MeetingSession:
    """The host's side: its facts in order, folded and reported as a real host does."""

    db: Database
    meeting: Meeting
    facts: list[Event] = field(default_factory=list)
    told: int = 0
    """Number of facts reported so far."""
    sent: int = 0
    """The number of the last journal entry that was reported."""
    signal: bool = True
    graphics: tuple[str, ...] = ()
    """Ids of the graphics that the engine shows, as keyed in the status."""

    @property
    def live(self) -> AiringId:
        """The id of the live airing."""
        view = query.meeting(self.db, self.meeting.id, self.meeting.start)
        assert view.live is not None
        return view.live.id

    @property
    def item(self) -> ItemId:
        """The same airing's id in the plan."""
        return ItemId(self.live)

    def plan(self) -> Plan:
        """Return the newest published plan."""
        published = published_plan(self.db, CH13)
        assert published is not None
        return decode(Plan, published.body)

    def air(self, now: datetime) -> Situation:
        """Return the situation that a command is judged against."""
        known = fold(self.facts)
        plan = resolve_replays(self.plan(), known)
        rundown = settle(plan, known, now)
        return Situation(plan, rundown, known, cue_at(rundown, now), now)

    def begin(self, at: datetime) -> None:
        """Put the meeting on air and begin it."""
        cue = self.air(at).current
        self.facts += [On(cue), Begun(self.item, at, "time")]

    def press(self, verb: Verb, at: datetime, **over: Any) -> None:
        """Let the host obey a command."""
        made = Command(f"c{len(self.facts)}", 1, verb, at, at + timedelta(seconds=10), "Otto")
        self.facts += obey(replace(made, **over), self.air(at))

    def answer(self, at: datetime) -> Command:
        """Obey or refuse the newest command, report it, and return it."""
        given = commands_after(self.db, CH13, 0)[-1]
        try:
            self.facts += obey(given, self.air(at))
            kind, why = "command", ""
        except CommandRefused as refused:
            kind, why = "refused", str(refused)
        named = JournalEntry(0, f"{kind}:{given.id}", at, "command", command=given)
        self.report(at, named if not why else replace(named, kind="refused", text=why))
        return given

    def status(self, at: datetime) -> Status:
        """Return the channel's status."""
        air = self.air(at)
        seen = SourceReport(
            air.plan.sources[0].id, self.live, self.signal, self.meeting.start, recorded=3600.0
        )
        return Status(
            channel=CH13, host="playout-1", at=at, tick=30 * 3600, layer="deck",
            cue=air.current.id, item=air.current.item, title=air.current.title,
            started=air.current.start, ends=None if air.current.held else air.current.end,
            offset=0.0, revision=air.plan.revision, serial=1, outputs=1, late_ticks=0,
            clock_step=0.0, disk_free=200 * 1000**3, sources=(seen,),
            questions=questions(air, (seen,)), override=air.happened.overrides.get(air.current.id),
            message=air.happened.message, message_shown=air.happened.message is not None,
            graphics=self.graphics,
        )  # fmt: skip

    def report(self, at: datetime, answer: JournalEntry | None = None) -> None:
        """Report all new facts and the status to the server."""
        air = self.air(at)
        if air.current.item and air.current.id not in {cue.id for cue in air.happened.pinned}:
            self.facts.append(On(air.current))
        fresh = self.facts[self.told :]
        entries = [
            JournalEntry(0, f"f{self.told + n}", at, "fact", fact=fact)
            for n, fact in enumerate(fresh)
        ] + ([answer] if answer is not None else [])
        told = tuple(replace(one, number=self.sent + n + 1) for n, one in enumerate(entries))
        self.told, self.sent = len(self.facts), self.sent + len(told)
        status = self.status(at)
        reports.accept_report(self.db, CH13, Report(status, air.rundown, told), at)


def in_session(db: Database, at: datetime = NOW, **over: Any) -> MeetingSession:
    """Return a meeting that began at `at` and was reported a second later."""
    made = MeetingSession(db, a_meeting_now(db, at, **over))
    made.begin(at)
    made.report(at + timedelta(seconds=1))
    return made
