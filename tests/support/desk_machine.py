"""A Hypothesis state machine: one channel in simulated time, under any action of anyone."""

import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.broadcast import Machine
from support.clock_change_nights import FALL, SPRING, local, night_items
from support.plans import clips, minutes, page, plan, source

from config.names import ItemId
from playout.engine.fakes.engine import FakeFile
from playout.engine.fakes.source import Spell
from playout.model.commands import Verb
from playout.model.cue_ids import Origin, instance_of
from playout.model.events import Begun, Marked, MessagePlacement, Off, On
from playout.model.history import digest
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue, Rundown, cue_at
from playout.timing.settle import settle

TICK = timedelta(seconds=0.05)
TAKE_SETTLES_WITHIN = timedelta(seconds=4)
"""Longest time until a take or an override shows its picture."""
PLAIN_VERBS = (Verb.HOLD, Verb.ADJOURN, Verb.TAKE, Verb.SKIP, Verb.SLATE, Verb.REJOIN)
LIVE_VERBS = (Verb.GO, Verb.RECESS, Verb.RESUME, Verb.MARK, Verb.UNMARK)


class ChannelStateMachine(RuleBasedStateMachine):
    """The actions that may happen in any order, and the invariants that must hold after each."""

    @initialize(
        day=st.sampled_from([SPRING, FALL]),
        limit=st.booleans(),
        hours=st.sampled_from([0, 0.25, 2.6, 3.7]),
    )
    def begin(self, day: date, limit: bool, hours: float) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gavel-desk-"))
        self.day = day
        made = plan(
            *night_items(day, limit),
            starts=local(day, 20, 0),
            ends=local(day, 44, 0),
            filler=clips(45, 60, 90, 200),
            board=(replace(page(), shown_until=local(day, 99, 0)),),
            sources=(
                source("chamber"),
                source("room", starts_on_signal=True, ends_on_silence=True),
            ),
        )
        self.air = Machine(self.folder, made, local(day, 22, 50))
        self.limits = {one.id: one.hard_limit for one in made.items if one.hard_limit}
        self.plans = [made]
        self.doomed: set[str] = set()
        """Commands that must be refused whenever they arrive."""
        self.air.run_for(2, most=1)
        self._let_pass(timedelta(hours=hours))

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self._let_pass(timedelta(minutes=1))
            self._check_as_run_complete()
            shutil.rmtree(self.folder)

    def _let_pass(self, length: timedelta) -> None:
        """Let time pass, and check what airs against the forecast made just before."""
        end = self.air.now + length
        while self.air.now < end:
            said, before, news = self._rundown(), self.air.now, self._count_news()
            self.air.run_until(min(end, self.air.now + timedelta(minutes=6)), most=120)
            self._check_expected_airs()
            if news == self._count_news() and said is not None:
                self._check_forecast_held(said, before)

    def _rundown(self) -> Rundown | None:
        standing = self.air.agent.state
        return standing.rundown if standing is not None else None

    def _count_news(self) -> int:
        """Count the journal entries that no earlier rundown could foresee.

        Going on air is foreseen, except for a live that was adjourned provisionally and returns
        because its signal is back.
        """
        news, away = 0, set[str]()
        for entry in self.air.parts.journal.kept():
            if isinstance(entry.fact, On):
                news += entry.fact.cue.item in away
                away.discard(entry.fact.cue.item or "")
                continue
            news += entry.kind == "adopted" or entry.fact is not None
            if isinstance(entry.fact, Off) and entry.fact.why == "provisional":
                away.add(entry.fact.cue.partition("@")[0])
        return news

    def _check_expected_airs(self) -> None:
        """Check that the engine shows the cue that the current rundown expects."""
        rundown = self._rundown()
        assert rundown is not None
        expected = cue_at(rundown, self.air.now)
        assert self.air.on_air() == expected.id or self._is_changing(rundown), (
            self.air.on_air(),
            expected,
        )

    def _check_forecast_held(self, said: Rundown, before: datetime) -> None:
        """Check that the engine shows the cue forecast some minutes ago, provided nothing new
        happened.

        The end of a held cue is only a guess: once a held cue was due to start, it must be on air.
        """
        now, rundown = self.air.now, self._rundown()
        held = [c for c in said.cues if c.held and c.start <= now and c.end > before]
        foretold = cue_at(said, now)
        to_come = foretold.kind is ContentKind.FILE and foretold.media is None
        if rundown is None or to_come or self._is_changing(rundown) or self._is_changing(said):
            return
        meant = held[0] if held else foretold
        assert self.air.on_air() == meant.id, (self.air.on_air(), meant)

    def _is_changing(self, rundown: Rundown) -> bool:
        """Return whether a cut is within a tick, or a take may still be waiting for its picture."""
        now = self.air.now
        current = cue_at(rundown, now)
        by_hand = (
            current.origin in (Origin.TAKE, Origin.OVERRIDE)
            and now - current.start < TAKE_SETTLES_WITHIN
        )
        return by_hand or now - current.start < TICK or current.end - now < TICK

    @rule(seconds=st.sampled_from([1, 20, 240, 900, 2400]))
    def time_passes(self, seconds: int) -> None:
        self._let_pass(timedelta(seconds=seconds))

    @rule(before=st.sampled_from([4.5, 3, 1, 0.3]))
    def time_passes_until_just_before_the_next_item(self, before: float) -> None:
        """Stop where the next item is cued but not yet on air, so that the next action hits that
        moment.
        """
        rundown = self._rundown()
        assert rundown is not None
        starts = [cue.start for cue in rundown.cues if cue.item is not None]
        starts = [start for start in starts if start - self.air.now > timedelta(seconds=before)]
        if starts and starts[0] - self.air.now < timedelta(hours=2):
            self._let_pass(starts[0] - timedelta(seconds=before) - self.air.now)

    @rule(verb=st.sampled_from(PLAIN_VERBS), looked=st.booleans())
    def press(self, verb: Verb, looked: bool) -> None:
        self.air.server.press(verb, self.air.now, self.air.on_air() if looked else None)
        self.air.run_for(1)

    @rule(verb=st.sampled_from(LIVE_VERBS), named=st.sampled_from([None, "council", "hearing"]))
    def ask_of_a_live(self, verb: Verb, named: str | None) -> None:
        self.air.server.press(verb, self.air.now, item=named)
        self.air.run_for(1)

    @rule(count=st.sampled_from([15, 30, 600]))
    def extend(self, count: int) -> None:
        self.air.server.press(Verb.EXTEND, self.air.now, minutes=count)
        self.air.run_for(1)

    @rule(length=st.sampled_from([1, 10, 90]), name=st.sampled_from(["chamber", "room", "attic"]))
    def override(self, length: int, name: str) -> None:
        until = self.air.now + minutes(length)
        self.air.server.press(Verb.OVERRIDE, self.air.now, source=name, until=until)
        self.air.run_for(6, most=1)

    @rule(clear=st.booleans(), placement=st.sampled_from(MessagePlacement))
    def alert(self, clear: bool, placement: MessagePlacement) -> None:
        until = self.air.now + minutes(4)
        before = self.air.on_air()
        if clear:
            self.air.server.press(Verb.CLEAR, self.air.now)
        else:
            self.air.server.press(
                Verb.EMERGENCY, self.air.now, text="Boil water.", placement=placement, until=until
            )
        self.air.run_for(1)
        rundown = self._rundown()
        assert rundown is not None
        assert (
            self.air.on_air() == before
            or self._is_changing(rundown)
            or self._schedule_moved_on(before)
        )
        shown = self.air.engine.observe()
        if self.air.server.up and shown is not None:
            assert shown.graphic.startswith("c") is not clear

    def _schedule_moved_on(self, before: str) -> bool:
        """Return whether the schedule moved on under the message."""
        rundown = self._rundown()
        assert rundown is not None
        return cue_at(rundown, self.air.now).start > self.air.now - timedelta(seconds=3)

    @rule(verb=st.sampled_from((*PLAIN_VERBS, *LIVE_VERBS)))
    def an_old_command(self, verb: Verb) -> None:
        """Deliver a command that was pressed a minute ago."""
        old = self.air.server.press(verb, self.air.now - timedelta(minutes=1))
        self.doomed.add(old.id)
        self.air.run_for(1)

    @rule(verb=st.sampled_from((*PLAIN_VERBS, *LIVE_VERBS)))
    def a_mistaken_command(self, verb: Verb) -> None:
        """Press for a cue that is not on air."""
        mistaken = self.air.server.press(verb, self.air.now, "film@yesterday")
        self.doomed.add(mistaken.id)
        self.air.run_for(1)

    @precondition(lambda self: hasattr(self, "air") and self.air.server.commands)
    @rule(data=st.data())
    def a_repeated_command(self, data: st.DataObject) -> None:
        """Deliver a command a second time; it must change nothing."""
        again = data.draw(st.sampled_from(self.air.server.commands))
        standing = self.air.agent.state
        assert standing is not None
        if not self.air.parts.journal.knows(again):
            return
        entries = len([e for e in self.air.parts.journal.kept() if e.command is not None])
        self.air.parts.mailbox.commands.append(again)
        self.air.agent.tick()
        assert len([e for e in self.air.parts.journal.kept() if e.command is not None]) == entries

    @rule(
        which=st.integers(0, 6),
        how=st.sampled_from(["delete", "later", "shorter", "longer", "all back"]),
    )
    def edit(self, which: int, how: str) -> None:
        items = list(self.air.server.plan.items)
        if how == "all back":
            items = list(night_items(self.day, bool(self.limits)))
        elif which < len(items):
            one = items[which]
            if how == "delete":
                del items[which]
            elif how == "later":
                items[which] = replace(one, start=one.start + minutes(7))
            else:
                longer = one.length * 2 if how == "longer" else one.length / 2
                items[which] = replace(one, length=longer)
        self.air.server.publish(replace(self.air.server.plan, items=tuple(items)))
        self.plans.append(self.air.server.plan)
        self.air.run_for(1)

    @rule(breaks=st.booleans())
    def a_file(self, breaks: bool) -> None:
        """Break the file on air, or make all broken files readable again."""
        rundown = self._rundown()
        assert rundown is not None
        cue = cue_at(rundown, self.air.now)
        path = self.air.parts.library.find(cue.media) if cue.media is not None else None
        if breaks and path is not None:
            self.air.files[str(path)] = FakeFile(fails="it cannot be read")
        elif not breaks:
            self.air.files.clear()
        self.air.run_for(8)

    @rule(name=st.sampled_from(["chamber", "room"]))
    def a_source(self, name: str) -> None:
        """Cut a source's signal, or restore it."""
        signal = self.air.signal(name)
        now = self.air.now
        if signal.lost and signal.lost[-1][1] is None:
            signal.back(now)
        else:
            signal.drop(now)
        self.air.run_for(3, most=1)

    @rule(name=st.sampled_from(["chamber", "room"]))
    def a_room(self, name: str) -> None:
        """Make a room silent, or audible again."""
        spells, now = self.air.signal(name).silent, self.air.now
        if spells and spells[-1][1] is None:
            spells[-1] = (spells[-1][0], now)
        else:
            spells.append((now, None))
        self.air.run_for(3, most=1)

    @rule()
    def the_agent_starts_again(self) -> None:
        self.air.boot()
        self.air.run_for(1)

    @rule()
    def the_server(self) -> None:
        """Cut the connection to the server, or restore it."""
        self.air.server.up = not self.air.server.up
        self.air.run_for(1)

    @invariant()
    def nothing_is_uncovered(self) -> None:
        if not hasattr(self, "air"):
            return
        facts = self.air.facts()
        for before, after in pairwise(facts):
            assert before.tick + before.ticks == after.tick
        bare = [f for f in facts if f.reason == "nothing came after it"]
        assert not [f for f in bare if f.end - f.start > timedelta(seconds=1)], bare

    @invariant()
    def no_item_is_lost(self) -> None:
        """Every item has aired, is on air, is still to come, or is displaced with a reason."""
        if not hasattr(self, "air") or self.air.agent.state is None:
            return
        standing = self.air.agent.state
        told = {cue.item for cue in standing.rundown.cues}
        told |= {one.item for one in standing.rundown.displaced if one.reason}
        seen = {fact.cue for fact in self.air.facts()}
        facts = [entry.fact for entry in self.air.parts.journal.kept()]
        aired = {fact.cue.item for fact in facts if isinstance(fact, On) and fact.cue.id in seen}
        horizon = standing.rundown.ends
        due = {item.id for item in standing.plan.items if item.start < horizon}
        lost = due - told - aired
        assert not lost - self._placed_with_more_time(), (lost, standing.happened)

    def _placed_with_more_time(self) -> set[ItemId | None]:
        """Return the items that air or are displaced if the plan ended two days later.

        A meeting held past the plan's end makes items wait for air that the plan does not yet
        cover.
        """
        standing = self.air.agent.state
        assert standing is not None
        longer = replace(standing.plan, ends=standing.plan.ends + timedelta(days=2))
        rundown = settle(longer, standing.happened, self.air.clock.utc())
        told = {one.item for one in rundown.displaced if one.reason}
        return told | {cue.item for cue in rundown.cues}

    @invariant()
    def the_plan_on_air_is_the_one_published_last(self) -> None:
        """The agent airs the newest published plan, compared by content."""
        if not hasattr(self, "air") or self.air.agent.state is None or not self.air.server.up:
            return
        assert self.air.agent.state.tag == f'"{digest(self.air.server.plan)}"'

    @invariant()
    def no_clock_ends_a_meeting(self) -> None:
        """A held live gives way to an adjournment, an operator, or a limit that staff set."""
        if not hasattr(self, "air") or self.air.agent.state is None:
            return
        happened = self.air.agent.state.happened
        for cue, after in pairwise(happened.pinned):
            if not _is_held(cue) or cue.item == after.item or cue.id in happened.ended:
                continue
            limit = self.limits.get(cue.item) if cue.item is not None else None
            by_hand = after.rank >= Rank.OVERRIDE or self._was_resumed(after)
            assert by_hand or (limit and after.start >= limit), (cue, after)

    @invariant()
    def no_live_is_adjourned_without_cause(self) -> None:
        """A live ends by a person, or past its expected end if its source gave cause."""
        if not hasattr(self, "air") or self.air.agent.state is None:
            return
        cues = {cue.id: cue for cue in self.air.agent.state.happened.pinned}
        for entry in self.air.parts.journal.kept():
            cue = cues.get(entry.fact.cue) if isinstance(entry.fact, Off) else None
            if cue is not None and _is_held(cue) and not self._by_hand(entry.at):
                assert isinstance(entry.fact, Off)
                assert self._has_cause(cue, entry.fact), (cue, entry.fact)

    def _by_hand(self, at: datetime) -> bool:
        return any(e.kind == "command" and e.at == at for e in self.air.parts.journal.kept())

    def _has_cause(self, cue: Cue, off: Off) -> bool:
        """Judge by what the source really did, not by what the agent concluded."""
        planned = [one for made in self.plans for one in made.items if one.id == cue.item]
        end = min(one.start + one.length for one in planned)
        signal = self.air.signal(cue.source or "")
        if off.why == "provisional":
            began = [e.fact for e in self.air.parts.journal.kept() if isinstance(e.fact, Begun)]
            late = not any(one.item == cue.item and one.at <= off.at for one in began)
            return _lasted(signal.lost, end, off.at, minutes(3)) or (late and off.at >= end)
        may = cue.source == "room" and off.why == "adjourned"
        return may and _lasted(signal.silent, end, off.at, minutes(10))

    @invariant()
    def no_old_or_mistaken_command_is_obeyed(self) -> None:
        if hasattr(self, "air"):
            given = [e for e in self.air.parts.journal.kept() if e.command is not None]
            heard = [e for e in given if e.command and e.command.id in self.doomed]
            assert {e.kind for e in heard} <= {"refused"}, heard

    @invariant()
    def a_mark_is_where_it_was_last_put_and_within_its_meeting(self) -> None:
        if not hasattr(self, "air") or self.air.agent.state is None:
            return
        entries, happened = self.air.parts.journal.kept(), self.air.agent.state.happened
        told = {e.fact.item: e.fact for e in entries if isinstance(e.fact, Marked)}
        last = {item: one.begins for item, one in told.items() if one.begins is not None}
        assert last == happened.marked, (last, happened.marked)
        cues = [cue for cue in happened.pinned if cue.item in last]
        for item, at in last.items():
            mine = [cue for cue in cues if cue.item == item]
            assert happened.begun[item] <= at and self._by_hand(at), (item, at)
            assert any(c.start <= at <= happened.ended.get(c.id, at) for c in mine), (item, at)

    def _was_resumed(self, cue: Cue) -> bool:
        """Return whether an operator resumed an adjourned live over what was on air."""
        given = [one for one in self.air.parts.journal.kept() if one.kind == "command"]
        verbs = [one.command.verb for one in given if one.at == cue.start and one.command]
        return Verb.RESUME in verbs or Verb.GO in verbs

    @invariant()
    def no_limit_is_passed(self) -> None:
        if not hasattr(self, "air"):
            return
        known = self.air.agent.state.happened.pinned if self.air.agent.state else ()
        items = {cue.id: cue.item for cue in known}
        for fact in self.air.facts():
            limit = self.limits.get(items.get(fact.cue or ""))  # type: ignore[arg-type,call-overload]
            assert limit is None or fact.end <= limit + TICK, (fact, limit)

    def _check_as_run_complete(self) -> None:
        """Check that each instance has one as-run row and that the server received it once."""
        self.air.server.up = True
        self.air.run_for(3, most=1)
        rows = [instance_of(row.cue) for row in self.air.server.as_run()]
        assert len(rows) == len(set(rows)), sorted(r for r in rows if rows.count(r) > 1)
        expected, told = self._rundown(), self.air.server.expected
        assert expected is not None and told is not None
        assert cue_at(told, self.air.now).id == cue_at(expected, self.air.now).id


def _is_held(cue: Cue) -> bool:
    return cue.kind is ContentKind.LIVE and cue.item is not None and cue.held


def _lasted(spells: list[Spell], since: datetime, at: datetime, length: timedelta) -> bool:
    """Return whether one of these spells had lasted `length` at `at`, counted from `since`.

    A second of tolerance allows for the time it takes to notice a spell.
    """
    about = length - timedelta(seconds=1)
    return any(
        max(start, since) + about <= at <= (end or at) + timedelta(seconds=1)
        for start, end in spells
    )
