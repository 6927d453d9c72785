"""The host's agent: each turn it compares what should be on air with what is, and corrects it."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from config.child import beat
from config.clock import Clock
from config.settings import Settings
from playout.commands import obey
from playout.direction import director
from playout.direction.overlay import overlay
from playout.host.channel_state import ChannelState
from playout.host.clock_trust import HOW_TO_RESTORE, ClockTrust, HouseTime, clock_fault
from playout.host.parts import AgentParts, make_agent_parts
from playout.host.recovery import Recovery
from playout.host.source_watch import SourceWatch
from playout.host.status import StatusReporter
from playout.host.threads import AgentThreads
from playout.lives.sessions import intakes, with_previews
from playout.model.commands import Command
from playout.model.engine import SOURCE_SLOTS, Desired, Engine, EngineError, Intake, Observation
from playout.model.events import Absent
from playout.model.layer import Layer
from playout.model.rundown import Cue, Rundown, next_change
from playout.state.air_state import CommandRefused
from playout.timing import adoption

log = logging.getLogger(__name__)

TURN_EVERY = timedelta(milliseconds=250)
JUDGE_EVERY = timedelta(seconds=2)


class Agent:
    """One channel's agent. `tick` is one turn; it can be run on any clock and any engine."""

    def __init__(self, parts: AgentParts) -> None:
        self.parts = parts
        self.house_time = HouseTime()
        self.state: ChannelState | None = None
        """None while the clock is not trusted."""
        self.trust = ClockTrust()
        self.shown: Desired | None = None
        self.seen: Observation | None = None
        self.problem = ""
        self.aside = ""
        """What was set aside last because the server refuses it, in words."""
        self._serial = 0
        self._reckoned: datetime | None = None
        self._step = 0.0
        self._recovery, self._source_watch = Recovery(), SourceWatch()
        self._told: Rundown | None = None
        self.reporter = StatusReporter(parts.host, parts.library.folder)
        plan = parts.library.plan(parts.channel)
        self._planned = plan.ends if plan is not None else None
        """How far the plan reached that was in force when the agent started."""

    def tick(self) -> datetime:
        """One turn; returns the house's instant it stood at."""
        clock = self.parts.clock
        utc = clock.utc()
        self._observe()
        now = self.house_time.now(self.seen, clock.monotonic(), utc)
        if not self._trusts(utc, now):
            return now
        state = self._standing(now)
        self._note_step(now)
        if state.stands_still(now) and not self._start_over(state, now):
            return now
        self._hear(state, now)
        state.look_at_media(now)
        state.refresh(now, self.seen.cue if self.seen else None)
        self._obey(state, now)
        self._recovery.anchor(state, self.seen, now)
        self._recovery.replace_faulty(state, self.shown, self.seen, now)
        self._recovery.try_again(state, now)
        self._source_watch.look(state, self.seen, now)
        state.refresh(now, None)
        self._show(state, now)
        self._reckon(state, now)
        self._report(state, now)
        return now

    def wakes(self, now: datetime) -> datetime | None:
        """When the next turn must have happened at the latest."""
        if self.state is None:
            return None
        change = next_change(self.state.rundown, now)
        if change is None:
            return None
        early = change - adoption.COMMITTED_WITHIN
        return early if early > now else change

    def _observe(self) -> None:
        try:
            self.seen = self.parts.engine.observe()
            self.problem = ""
        except EngineError as error:
            self.seen, self.problem = None, f"The engine does not respond: {error}."

    def _trusts(self, utc: datetime, now: datetime) -> bool:
        """Whether time may be believed; if not, the slate airs until it may."""
        wrong = self._clock_wrong(utc)
        news = self.trust.look(utc, now, wrong, self.seen)
        last = self.parts.journal.last_instant
        if news:
            log.warning(news)
            self.parts.journal.alarm(min(utc, last or utc), news)
        if self.trust.good:
            return True
        if self.state is None and last is not None:
            self._report_standby(last)
        for command in self.parts.control.take():
            self.parts.control.answer(command.id, self.trust.hear(command))
        on_air = self.shown.on_air if self.shown is not None else None
        if self.trust.needs_another(on_air, self.seen, utc, now):
            self._serial += 1
            self.shown = self.trust.stand_by(self._serial, now)
        if self.shown is not None:
            self._send(self.shown)
        return False

    def _clock_wrong(self, utc: datetime) -> str | None:
        """What speaks against the machine's clock; once the agent stands on it, only its year."""
        if self.state is not None:
            return clock_fault(utc, None)
        kept = self.parts.clock.synchronized()
        return clock_fault(utc, self.parts.journal.last_instant, self._planned, kept)

    def _standing(self, now: datetime) -> ChannelState:
        if self.state is None:
            parts = self.parts
            self.state = ChannelState(parts.channel, parts.journal, parts.library, now)
            self.reporter.open()
        return self.state

    def _note_step(self, now: datetime) -> None:
        step = self.seen.clock_step if self.seen is not None else self._step
        if step != self._step:
            self._step = step
            if step:
                text = (
                    f"The machine's clock was changed by {step:+.1f} s. What is on air continues."
                )
                self.parts.journal.alarm(now, text)

    def _start_over(self, state: ChannelState, now: datetime) -> bool:
        """After the clock went back: what is on air ends by itself, then time is believed."""
        if self.seen is not None and self.seen.layer is Layer.DECK and self.shown is not None:
            self._send(self.shown)
            return False
        state.record(now, Absent(now, state.reckoner.unseen()))
        return True

    def _hear(self, state: ChannelState, now: datetime) -> None:
        came = self.parts.mailbox.take_plan()
        if came is not None:
            refused = state.offer(came[0], now, came[1])
            if refused is not None:
                log.info("A plan was not accepted: %s.", refused)
        self._set_aside(now)
        ack = self.parts.mailbox.take_ack()
        if ack is not None and ack.resume_after is not None:
            log.warning("The server lacks journal entries it had acknowledged; they go again.")
            self.parts.journal.resume(ack.resume_after)
        elif ack is not None:
            self.parts.journal.acknowledge(ack.acknowledged)

    def _set_aside(self, now: datetime) -> None:
        """Go on without an entry that the server refuses for good; staff hear of it."""
        refused = self.parts.mailbox.take_refused()
        if refused is not None and self.parts.journal.set_aside(refused[0]):
            words = f"The server permanently refuses a line of the record: {refused[1]}"
            self.aside = f"{words} It is kept on this machine only."
            log.warning("%s Its id is %s.", words, refused[0])
            self.parts.journal.alarm(now, self.aside, f"aside:{refused[0]}"[:80])

    def _obey(self, state: ChannelState, now: datetime) -> None:
        for command in self.parts.mailbox.take_commands():
            if not self.parts.journal.knows(command):
                self._judge(state, command, now)
        for command in self.parts.control.take():
            self.parts.control.answer(command.id, self._judge(state, command, now))

    def _judge(self, state: ChannelState, command: Command, now: datetime) -> str:
        """Obey or refuse one command; the answer is why it was refused, or nothing."""
        air = state.air(now, director.on_air(state.rundown, now, self.seen))
        try:
            obey.refuse_late(command, self.parts.clock.utc())
            events = obey.obey(command, air)
        except CommandRefused as refusal:
            self.parts.journal.command(now, command, str(refusal))
            return str(refusal)
        self.parts.journal.command(now, command)
        state.record(now, *events)
        state.refresh(now, None)
        return ""

    def _show(self, state: ChannelState, now: datetime) -> None:
        drawings, plan = self.parts.drawings, state.plan
        current = director.on_air(state.rundown, now, self.seen)
        scene = director.DirectorInput(
            rundown=state.rundown,
            now=now,
            find=self.parts.library.find,
            home=self.parts.library.home,
            happened=state.happened,
            intakes=self._intakes(state, current, now),
            graphic=drawings.graphic(overlay(state.air(now, current)), plan),
            board=drawings.board(plan, now),
            slate=lambda text: drawings.slate(text, plan),
        )
        wanted = director.decide(scene, self.seen)
        if self.shown is None or replace(wanted, serial=self._serial) != self.shown:
            self._serial += 1
        self._send(replace(wanted, serial=self._serial))

    def _intakes(self, state: ChannelState, current: Cue, now: datetime) -> tuple[Intake, ...]:
        wanted = intakes(state.plan, current, state.happened, now)
        looking = self.parts.mailbox.looking
        return with_previews(wanted, state.plan, looking, now, SOURCE_SLOTS)

    def _send(self, desired: Desired) -> None:
        """Tell the engine; telling it again changes nothing, so it is told every turn."""
        self.shown = desired
        try:
            self.parts.engine.show(desired)
        except EngineError as error:
            self.problem = f"The engine does not respond: {error}."

    def _reckon(self, state: ChannelState, now: datetime) -> None:
        if self._reckoned is not None and timedelta(0) <= now - self._reckoned < JUDGE_EVERY:
            return
        self._reckoned = now
        try:
            self.reporter.reckon(self.parts.engine, state, now, self.seen)
        except EngineError as error:
            self.problem = f"The engine does not respond: {error}."

    def _report_standby(self, last: datetime) -> None:
        """Tell that the slate airs and why, at an instant that is surely not wrong."""
        mailbox, reason = self.parts.mailbox, f"{self.trust.reason} {HOW_TO_RESTORE}"
        status = self.reporter.standby(self.parts.channel, last, self.seen, reason)
        with mailbox.lock:
            mailbox.status, mailbox.entries = status, self.parts.journal.waiting()
            mailbox.acknowledged = self.parts.journal.acknowledged_id

    def _report(self, state: ChannelState, now: datetime) -> None:
        mailbox = self.parts.mailbox
        problems = [self.problem, state.short_of_room, self.parts.journal.problem]
        problems += [mailbox.problem, mailbox.short]
        problems += [*state.problems.values(), *self.parts.drawings.problems.values()]
        problems += self.seen.problems if self.seen is not None else ()
        problems += [self.parts.control.problem, self.aside]
        current = director.on_air(state.rundown, now, self.seen)
        asked = self._source_watch.questions
        problems = [problem for problem in problems if problem]
        status = self.reporter.status(state, current, now, self.seen, problems, asked)
        with mailbox.lock:
            mailbox.status = status
            mailbox.entries = self.parts.journal.waiting()
            mailbox.acknowledged = self.parts.journal.acknowledged_id
            mailbox.in_force = state.tag
            mailbox.fetch, mailbox.soon = tuple(state.missing), state.soon
            if state.rundown != self._told:
                mailbox.expected = self._told = state.rundown


def run_agent(settings: Settings, channel: str, engine: Engine, clock: Clock) -> None:
    """Keep deciding for one channel, four times a second and whenever something wakes it.

    Returns never; the supervisor ends it. Nothing that goes wrong in a turn stops the next one.
    """
    parts = make_agent_parts(settings, channel, engine, clock)
    agent = Agent(parts)
    helpers = AgentThreads(settings, parts)
    helpers.start()
    while True:
        try:
            now = agent.tick()
            helpers.after(now, agent.wakes(now))
        except Exception:  # noqa: BLE001 - the next turn looks at everything anew
            log.exception("A turn of the agent failed. What is on air continues.")
        beat()
        clock.wait(TURN_EVERY.total_seconds(), helpers.wake)
        helpers.wake.clear()
