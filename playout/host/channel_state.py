"""A channel's state on this host: its plan, what happened, and the rundown settled from both."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from config.names import AssetKey, ChannelId, CueId, ItemId, Revision
from playout.asrun.ledger import AsRunLedger
from playout.host.journal import Journal
from playout.host.library import Library, empty_plan, missing, needed
from playout.model.events import Absent, Event, On, Recorded
from playout.model.history import digest
from playout.model.plan import ContentKind, Media, Plan
from playout.model.rundown import Cue, Rundown
from playout.model.wire import JournalEntry
from playout.state.air_state import AirState, Situation
from playout.timing import adoption
from playout.timing.choosing import Unavailable
from playout.timing.media_need import Need, needs
from playout.timing.resolving import resolve
from playout.timing.retry import retries_of_replaced_files
from playout.timing.settle import settle

log = logging.getLogger(__name__)

RUNDOWN_REACH = timedelta(hours=36)
"""How far ahead the rundown is settled."""
SETTLE_EVERY = timedelta(seconds=30)
"""The rundown is settled at least this often, because the guessed end of a held live moves on."""
MEDIA_CHECKED_EVERY = timedelta(seconds=5)
"""How often the store is checked for missing files."""
PLAN, RUNDOWN, NO_PLAN = "plan", "rundown", "no plan"
"""Keys of the problems with the channel's files."""
MEDIA_NEEDED_WITHIN = timedelta(minutes=10)
"""A file still missing this long before its start is planned around; until then it may arrive."""


class ChannelState:
    """The plan in force, the state of air and the rundown settled from both.

    Every change is journalled before anything acts on it.
    """

    def __init__(self, channel: str, journal: Journal, library: Library, now: datetime) -> None:
        self.channel, self.journal, self.library = channel, journal, library
        known, trouble = library.read_plan(channel)
        self.published: Plan = known or empty_plan(ChannelId(channel), now)
        self.tag = f'"{digest(known)}"' if known is not None else ""
        """The ETag of the plan in force: the server's, or computed from the plan read at start."""
        self.happened: AirState = journal.state
        self.missing: list[Media] = []
        self.plan: Plan = self._resolved(self.published, now)
        """The plan in force, with every file that is known by now in its items."""
        self.reckoner = AsRunLedger(journal.reported)
        self.reckoner.expect(self.happened.pinned)
        self.before: Rundown | None = library.rundown()
        """The rundown that the agent before this one worked by; None after the first turn."""
        self.problems: dict[str, str] = {NO_PLAN: trouble} if trouble else {}
        """What is wrong with the channel's files, in words, by PLAN, RUNDOWN or NO_PLAN."""
        self.short_of_room = library.short_of_room()
        """A warning that the channel's disk is full or nearly so, which causes other problems."""
        self.follows = False
        """Whether the channel's other machine decides: then no cue is committed here."""
        self._dirty = True
        self._settled: datetime | None = None
        self._looked: datetime | None = None
        if not self.happened.pinned and self.happened.since is None:
            self.record(now, Absent(now))
        self.rundown: Rundown = self._settle(now)

    @property
    def revision(self) -> Revision:
        """The revision of the plan in force; 0 before the first plan."""
        return self.published.revision

    def record(self, now: datetime, *events: Event) -> None:
        """Write events to the journal and apply them."""
        for event in events:
            self._write(now, event, partial(self.journal.fact, now, event))

    def leave_future(self, now: datetime, why: str) -> None:
        """Take back what a clock that was ahead put on air, after `now`: it is to air at its time.

        `why` says in words why the clock of `now` is believed. What aired has its as-run row.
        """
        journal = self.journal
        ahead = [cue for cue in self.happened.pinned if cue.start > now]
        for row in self.reckoner.closed(ahead, self.plan, self.happened):
            # Dated as what aired, so that the journal takes it for a row of that clock.
            journal.as_run(row.end, row)
        before = journal.reported
        journal.believe(now, why)
        self.reckoner.expect_again(frozenset(before).difference(journal.reported))
        self.record(now, Absent(now, tuple(cue.id for cue in ahead)))

    def copy(self, now: datetime, entry: JournalEntry) -> None:
        """Write an entry of the other machine's journal, and apply it, unless it is known."""
        if entry.fact is not None:
            self._write(now, entry.fact, partial(self.journal.copied, entry))
        else:
            self.journal.copied(entry)

    def _write(self, now: datetime, event: Event, write: Callable[[], object]) -> None:
        # Read back from the journal, so that a restart, which folds the same events, arrives at the
        # same state.
        before = self.happened
        write()
        self.happened = self.journal.state
        if isinstance(event, On):
            self.reckoner.expect([event.cue])
        # A committed cue that has not started yet and is no longer committed will not air: nothing
        # is to be missed of it.
        kept = {cue.id for cue in self.happened.pinned}
        for cue in before.pinned:
            if cue.id not in kept and cue.start > now:
                self.reckoner.forget(cue)
        if isinstance(event, Recorded):
            self.plan, self._looked = self._resolved(self.published, now), None
        self._dirty = True

    def offer(self, plan: Plan, now: datetime, tag: str = "") -> str | None:
        """Adopt a plan that the server calls `tag`. Return why it was refused, or None."""
        reason = adoption.replacement_refused(self.published, plan, self.channel)
        if reason is not None:
            if plan == self.published:
                self.tag = tag
                self._problem(NO_PLAN, "")
            return reason
        plan = adoption.carry_over(self.published, plan, self.happened, now)
        offered = self._resolved(plan, now)
        # Before the plan is on disk: an agent killed in between is offered it again, and retries.
        self.record(now, *retries_of_replaced_files(self.plan, offered, self.happened, now))
        self.tag = tag
        self._problem(PLAN, self.library.keep_plan(plan))
        self._problem(NO_PLAN, "")
        self.journal.adopted(now, plan.revision)
        self.published, self.plan = plan, offered
        self._dirty, self._looked = True, None
        log.info("Plan %s is in force, with %s items.", plan.revision, len(plan.items))
        return None

    def look_at_media(self, now: datetime) -> None:
        """Check which files are on this machine; settle again if that has changed."""
        if self._looked is not None and timedelta(0) <= now - self._looked < MEDIA_CHECKED_EVERY:
            return
        self._looked = now
        self._keep_again(now)
        absent = missing(self.library, needed(self.plan, now))
        if absent != self.missing:
            self.missing, self._dirty = absent, True

    def refresh(self, now: datetime, seen: str | None) -> bool:
        """Settle again if anything changed, and commit the cues that are about to air.

        `seen` is the cue that the engine reports on air. Return whether the rundown changed.
        """
        went_on = adoption.commit_observed(self.before or self.rundown, self.happened, seen, now)
        if went_on is not None and not self.follows:
            self.record(now, went_on)
        before = self.rundown
        if self._due(now):
            self._choose_again(now)
            self.rundown = self._settle(now)
        if not self.follows:
            self._commit(now)
        self.before = None
        if self.rundown == before:
            return False
        self._problem(RUNDOWN, self.library.keep_rundown(self.rundown))
        return True

    def _commit(self, now: datetime) -> None:
        while (event := adoption.next_to_commit(self.rundown, self.happened, now)) is not None:
            self.record(now, event)
            self.rundown = self._settle(now)

    def lacking(self) -> int:
        """Return how many files are not here that may air within the hour."""
        absent = {media.key for media in self.missing}
        if not absent or self._looked is None:
            return 0
        known = needs(self.plan, self._looked)
        soon = [one.media.key for one in known if one.need <= Need.NEXT_HOUR]
        return len(absent & {*soon})

    def _keep_again(self, now: datetime) -> None:
        """Retry what the disk refused, so that its problem disappears as soon as it is over."""
        self.short_of_room = self.library.short_of_room()
        self.journal.try_again()
        if PLAN in self.problems:
            self._problem(PLAN, self.library.keep_plan(self.published))
        if RUNDOWN in self.problems:
            self._problem(RUNDOWN, self.library.keep_rundown(self.rundown))
        if NO_PLAN in self.problems and not self.revision:
            self._read_again(now)

    def _read_again(self, now: datetime) -> None:
        """Retry the plan that could not be read at the start.

        A disk or file descriptors may recover while no server is there to send another plan.
        """
        known, trouble = self.library.read_plan(self.channel)
        self._problem(NO_PLAN, trouble)
        if known is not None:
            self.published, self.tag = known, f'"{digest(known)}"'
            self.plan = self._resolved(known, now)
            self._dirty = True

    def _resolved(self, plan: Plan, now: datetime) -> Plan:
        """Return the plan as it airs. Of two files that a saved search could take, one that failed
        or is not here shortly before its airing gives way.
        """
        barred = Unavailable(
            always=self.happened.unplayable.keys(),
            soon={media.key for media in self.missing},
            soon_until=now + MEDIA_NEEDED_WITHIN,
        )
        return resolve(plan, self.happened, barred)

    def _choose_again(self, now: datetime) -> None:
        """Let saved searches take other files where what they had failed, aired or came."""
        before, self.plan = self.plan, self._resolved(self.published, now)
        if self.plan != before:
            self.record(now, *retries_of_replaced_files(before, self.plan, self.happened, now))

    def _due(self, now: datetime) -> bool:
        if self._dirty or self._settled is None:
            return True
        return not timedelta(0) <= now - self._settled < SETTLE_EVERY

    def _settle(self, now: datetime) -> Rundown:
        self._dirty, self._settled = False, now
        return settle(self.plan, self._as_far_as_known(now), now, horizon=now + RUNDOWN_REACH)

    def _as_far_as_known(self, now: datetime) -> AirState:
        """Return the state of air with every missing file counted as failed."""
        # Only for settling, never journalled: a missing file may arrive at any time, and then its
        # item airs as planned or is joined in progress.
        keys = {media.key for media in self.missing}
        failed: dict[ItemId, str] = dict(self.happened.failed)
        unplayable: dict[AssetKey, datetime] = dict(self.happened.unplayable)
        for item in self.plan.items:
            lost = (
                item.kind is ContentKind.FILE and item.media is not None and item.media.key in keys
            )
            if lost and item.start < now + MEDIA_NEEDED_WITHIN:
                failed.setdefault(item.id, "its file is not on this machine")
        unplayable.update({key: now for key in keys if key not in unplayable})
        return replace(self.happened, failed=failed, unplayable=unplayable)

    def cue_of(self, cue: CueId) -> Cue | None:
        """Return the cue of this id, whether committed or still to come."""
        known = (*self.happened.pinned, *self.rundown.cues)
        return next((candidate for candidate in known if candidate.id == cue), None)

    def air(self, now: datetime, current: Cue) -> Situation:
        """Return what commands, signal rules and questions are judged by."""
        return Situation(self.plan, self.rundown, self.happened, current, now)

    def stands_still(self, now: datetime) -> bool:
        """Return whether the clock went back behind the item on air, so that no decision is
        possible.
        """
        pinned = self.happened.pinned
        return bool(pinned) and now < pinned[-1].start - 2 * adoption.COMMITTED_WITHIN

    def _problem(self, name: str, words: str) -> None:
        if words:
            self.problems[name] = words
        else:
            self.problems.pop(name, None)
