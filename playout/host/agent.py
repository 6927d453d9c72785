"""The agent of one channel: each turn it makes what is on air agree with what should be."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from playout.commands import obey
from playout.direction import director
from playout.direction.emergency import message_in_force
from playout.host.as_run import AsRunWriter
from playout.host.channel_state import ChannelState
from playout.host.clock_trust import HOW_TO_RESTORE, ClockTrust, HouseTime
from playout.host.partner import STANDS_BY, OtherMachine
from playout.host.parts import AgentParts
from playout.host.recovery import Recovery
from playout.host.server_hearing import ServerHearing
from playout.host.shortage import shortage
from playout.host.source_watch import SourceWatch
from playout.host.status import StatusReporter, faults_of
from playout.lives.sessions import intakes, with_previews
from playout.model.commands import Command, Verb
from playout.model.engine import SOURCE_SLOTS, Desired, EngineError, Intake, Observation
from playout.model.events import Absent, Event
from playout.model.layer import Layer
from playout.model.rundown import Cue, Rundown, next_change
from playout.state.air_state import CommandRefused, Situation
from playout.timing import adoption

log = logging.getLogger(__name__)

JUDGE_EVERY = timedelta(seconds=2)
"""How often the air log is read and airings are judged."""


class Agent:
    """One channel's agent. `tick` is one turn, on any clock and any engine.

    A turn decides everything again from the journal, the plan and the clock, and sends the engine
    its whole desired state. So it does not matter where the last turn, or the last agent, stopped.
    """

    def __init__(self, parts: AgentParts) -> None:
        self.parts = parts
        plan, folder = parts.library.plan(parts.channel), parts.library.folder
        ends = plan.ends if plan is not None else None
        self.house_time = HouseTime()
        self.trust = ClockTrust(parts.clock, parts.journal, folder, ends)
        self.state: ChannelState | None = None
        """None until the clock was believed for the first time."""
        self.shown: Desired | None = None
        """What the engine was sent last."""
        self.seen: Observation | None = None
        """What the engine reported this turn; None if it does not respond."""
        self._disowned: str | None = None
        """The cue that a clock set ahead has put on air: to be replaced, and not to be followed."""
        self.problem = ""
        self._server = ServerHearing()
        self._serial = 0
        self._judged: datetime | None = None
        self._step = 0.0
        self._recovery, self._source_watch = Recovery(), SourceWatch()
        self._reported: Rundown | None = None
        self._reporter = StatusReporter(parts.host, folder, parts.stream)
        self._as_run = AsRunWriter(folder)
        self.other = OtherMachine(parts.partner, parts.journal, parts.clock, folder)

    def tick(self) -> datetime:
        """Run one turn. Return the house clock's instant, UTC, that the turn was decided at."""
        clock = self.parts.clock
        utc = clock.utc()
        self._observe()
        self.other.receive(utc)
        # Air runs by the house clock, which counts ticks. The machine's clock may be set at any
        # time, and that must neither cut nor repeat what is on air.
        now = self.house_time.now(self.seen, clock.monotonic(), utc)
        if not self._trusts(utc, now):
            return now
        state = self._state(utc, now)
        self._note_step(now)
        if state.stands_still(now) and not self._start_over(state, utc, now):
            return now
        self._server.hear(state, self.parts.mailbox, now)
        state.look_at_media(now)
        state.follows = self.other.decides
        # Before any command: a cue that the engine went on to while no agent ran must be
        # committed, or a command would end the cue before it.
        state.refresh(now, self.seen.cue if self.seen else None)
        (self._follow if state.follows else self._lead)(state, now)
        state.refresh(now, None)
        self._show(state, now)
        # Last, what may take long: the engine has its orders already.
        self.other.exchange(state, self.problem)
        self._write_as_run(state, now)
        self._report(state, now)
        return now

    def _lead(self, state: ChannelState, now: datetime) -> None:
        """Obey commands, and decide what follows from what engine and sources do."""
        self._obey(state, now)
        self._recovery.anchor(state, self.seen, now)
        self._recovery.replace_faulty(state, self.shown, self.seen, now)
        self._recovery.try_again(state, now)
        self._source_watch.look(state, self.seen, now)

    def _follow(self, state: ChannelState, now: datetime) -> None:
        """Copy what the other machine decided. Commands of the server wait, in case it dies."""
        self.other.copy(state, now)
        for command in self.parts.control.take():
            self.parts.control.answer(command.id, STANDS_BY)

    def wakes(self, now: datetime) -> datetime | None:
        """Return when the next turn must happen at the latest; None if no change is planned."""
        if self.state is None:
            return None
        change = next_change(self.state.rundown, now)
        if change is None:
            return None
        early = change - adoption.COMMITTED_WITHIN
        return early if early > now else change

    def _observe(self) -> None:
        try:
            seen = self.parts.engine.observe()
            wrong = seen is not None and seen.cue == self._disowned
            self.seen = replace(seen, cue=None) if seen is not None and wrong else seen
            self._disowned = self._disowned if wrong else None
            self.problem = ""
        except EngineError as error:
            self.seen, self.problem = None, _no_response(error)

    def _trusts(self, utc: datetime, now: datetime) -> bool:
        """Return whether the clock can be believed. If not, keep the slate on air.

        Meanwhile the only command obeyed is `rejoin`, which says that the clock is right.
        """
        if self.trust.look(utc, now, self.seen, works=self.state is not None):
            return True
        last = self.parts.journal.last_instant
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

    def _state(self, utc: datetime, now: datetime) -> ChannelState:
        if self.state is None:
            parts, why = self.parts, self.trust.why_although_behind(utc, works=False)
            self.state = ChannelState(parts.channel, parts.journal, parts.library, now)
            self._as_run.open()
            if why:
                # First the air log: of what aired by the wrong clock, a row is still to be written.
                self._write_as_run(self.state, now)
                self.state.leave_future(now, why)
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

    def _start_over(self, state: ChannelState, utc: datetime, now: datetime) -> bool:
        """Return whether to decide again after the clock went back behind the item on air.

        While a file is on air, leave it alone until it ends: deciding by the new time would repeat
        it. Then record the gap, and go on by the new time. A file that a clock set ahead has put on
        air gives way at once.
        """
        why = self.trust.why_although_behind(utc, works=True)
        if why:
            state.leave_future(now, why)
            if self.seen is not None:
                self._disowned, self.seen = self.seen.cue, replace(self.seen, cue=None)
            return True
        if self.seen is not None and self.seen.layer is Layer.DECK and self.shown is not None:
            self._send(self.shown)
            return False
        state.record(now, Absent(now, state.reckoner.unseen()))
        return True

    def _obey(self, state: ChannelState, now: datetime) -> None:
        for command in self.parts.mailbox.take_commands():
            if not self.parts.journal.knows(command):
                self._judge(state, command, now)
        for command in self.parts.control.take():
            self.parts.control.answer(command.id, self._judge(state, command, now))

    def _judge(self, state: ChannelState, command: Command, now: datetime) -> str:
        """Obey or refuse one command. Return why it was refused, or an empty text."""
        air = state.air(now, director.on_air(state.rundown, now, self.seen))
        try:
            obey.refuse_late(command, self.parts.clock.utc())
            events = self._events(command, air)
        except CommandRefused as refusal:
            self.parts.journal.command(now, command, str(refusal))
            return str(refusal)
        # The command before its events: an agent killed in between must not obey it again, late.
        self.parts.journal.command(now, command)
        state.record(now, *events)
        state.refresh(now, None)
        return ""

    def _events(self, command: Command, air: Situation) -> tuple[Event, ...]:
        """Return what a command causes. Raises CommandRefused."""
        if command.verb is not Verb.MOVE:
            return obey.obey(command, air)
        refusal = self.other.move(command)
        if refusal is not None:
            raise CommandRefused(refusal)
        return ()

    def _show(self, state: ChannelState, now: datetime) -> None:
        drawings, plan = self.parts.drawings, state.plan
        current = director.on_air(state.rundown, now, self.seen)
        air = state.air(now, current)
        scene = director.DirectorInput(
            rundown=state.rundown,
            now=now,
            find=self.parts.library.find,
            captions=self.parts.library.captions,
            home=self.parts.library.home,
            rules=plan.graphics,
            happened=state.happened,
            intakes=self._intakes(state, current, now),
            graphic=drawings.graphic(message_in_force(state.happened, now), plan),
            graphics=drawings.layers(air),
            board=drawings.board(plan, state.rundown, now),
            slate=lambda text: drawings.slate(text, plan),
        )
        desired = director.decide(scene, self.seen)
        # The serial counts changes, so that staff and logs can tell which state the engine has.
        if self.shown is None or replace(desired, serial=self._serial) != self.shown:
            self._serial += 1
        self._send(replace(desired, serial=self._serial))

    def _intakes(self, state: ChannelState, current: Cue, now: datetime) -> tuple[Intake, ...]:
        planned = intakes(state.plan, current, state.happened, now)
        looking = self.parts.mailbox.looking
        return with_previews(planned, state.plan, looking, now, SOURCE_SLOTS)

    def _send(self, desired: Desired) -> None:
        """Send the desired state to the engine, every turn, since repeating it changes nothing."""
        self.shown = desired
        try:
            self.parts.engine.show(desired)
        except EngineError as error:
            self.problem = _no_response(error)

    def _write_as_run(self, state: ChannelState, now: datetime) -> None:
        judged = self._judged is not None and timedelta(0) <= now - self._judged < JUDGE_EVERY
        if judged or not self.other.knows_what_was_sent:
            return
        self._judged = now
        try:
            self._as_run.write(self.parts.engine, state, now, self.seen, self.other.sent)
        except EngineError as error:
            self.problem = _no_response(error)

    def _report_standby(self, last: datetime) -> None:
        """Report that the slate airs and why, at `last`, an instant that is certainly not wrong."""
        mailbox, reason = self.parts.mailbox, f"{self.trust.reason} {HOW_TO_RESTORE}"
        status = self._reporter.standby(self.parts.channel, last, self.seen, reason)
        mailbox.leave(status, self.parts.journal)

    def _report(self, state: ChannelState, now: datetime) -> None:
        mailbox = self.parts.mailbox
        short = shortage(mailbox.lacking, state.plan, now)
        problems = [self.problem, state.short_of_room, self.parts.journal.problem]
        problems += [mailbox.problem, mailbox.certificates, short.fault or short.words]
        problems += [*state.problems.values(), *self.parts.drawings.problems.values()]
        problems += self.seen.problems if self.seen is not None else ()
        problems += [self.parts.control.problem, self._server.aside, mailbox.sending]
        current = director.on_air(state.rundown, now, self.seen)
        questions, problems = self._source_watch.questions, [one for one in problems if one]
        faults = faults_of(self.problem, state.short_of_room, short.fault, mailbox.certificates)
        status = self._reporter.status(
            state, current, now, self.seen, problems, questions, faults, self.other.status
        )
        mailbox.leave(status, self.parts.journal)
        with mailbox.lock:
            mailbox.in_force, mailbox.fetch = state.tag, tuple(state.missing)
            mailbox.seen, mailbox.pictures = self.seen, self._as_run.pictures
            if state.rundown != self._reported:
                mailbox.expected = self._reported = state.rundown


def _no_response(error: EngineError) -> str:
    return f"The engine does not respond: {error}."
