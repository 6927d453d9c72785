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
from playout.host.channel_state import Standing
from playout.host.clock_trust import UNTIL, HouseTime, Trust, distrust
from playout.host.parts import Rig, make_rig
from playout.host.recovery import Mender
from playout.host.source_watch import Attention
from playout.host.status import Tell
from playout.host.threads import Helpers
from playout.lives.sessions import intakes, with_previews
from playout.model.commands import Command
from playout.model.engine import SOURCE_SLOTS, Desired, Engine, EngineError, Intake, Observation
from playout.model.events import Absent
from playout.model.layer import Layer
from playout.model.rundown import Cue, Rundown, next_change
from playout.state.air_state import CommandRefused
from playout.timing import adoption

log = logging.getLogger(__name__)

TURN = timedelta(milliseconds=250)
RECKON = timedelta(seconds=2)


class Agent:
    """One channel's agent. `tick` is one turn; it can be run on any clock and any engine."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.house = HouseTime()
        self.standing: Standing | None = None
        """None while the clock is not trusted."""
        self.trust = Trust()
        self.shown: Desired | None = None
        self.seen: Observation | None = None
        self.problem = ""
        self.aside = ""
        """What was set aside last because the server refuses it, in words."""
        self._serial = 0
        self._reckoned: datetime | None = None
        self._step = 0.0
        self._mender, self._attention = Mender(), Attention()
        self._told: Rundown | None = None
        self.tell = Tell(rig.host, rig.library.folder)
        plan = rig.library.plan(rig.channel)
        self._planned = plan.ends if plan is not None else None
        """How far the plan reached that was in force when the agent started."""

    def tick(self) -> datetime:
        """One turn; returns the house's instant it stood at."""
        clock = self.rig.clock
        utc = clock.utc()
        self._observe()
        now = self.house.now(self.seen, clock.monotonic(), utc)
        if not self._trusts(utc, now):
            return now
        standing = self._standing(now)
        self._note_step(now)
        if standing.stands_still(now) and not self._start_over(standing, now):
            return now
        self._hear(standing, now)
        standing.look_at_media(now)
        standing.refresh(now, self.seen.cue if self.seen else None)
        self._obey(standing, now)
        self._mender.anchor(standing, self.seen, now)
        self._mender.mend(standing, self.shown, self.seen, now)
        self._mender.try_again(standing, now)
        self._attention.look(standing, self.seen, now)
        standing.refresh(now, None)
        self._show(standing, now)
        self._reckon(standing, now)
        self._report(standing, now)
        return now

    def wakes(self, now: datetime) -> datetime | None:
        """When the next turn must have happened at the latest."""
        if self.standing is None:
            return None
        change = next_change(self.standing.rundown, now)
        if change is None:
            return None
        early = change - adoption.COMMITTED_WITHIN
        return early if early > now else change

    def _observe(self) -> None:
        try:
            self.seen = self.rig.engine.observe()
            self.problem = ""
        except EngineError as error:
            self.seen, self.problem = None, f"The engine does not respond: {error}."

    def _trusts(self, utc: datetime, now: datetime) -> bool:
        """Whether time may be believed; if not, the slate airs until it may."""
        wrong = self._clock_wrong(utc)
        news = self.trust.look(utc, now, wrong, self.seen)
        last = self.rig.journal.last_instant
        if news:
            log.warning(news)
            self.rig.journal.alarm(min(utc, last or utc), news)
        if self.trust.good:
            return True
        if self.standing is None and last is not None:
            self._report_standby(last)
        for command in self.rig.door.take():
            self.rig.door.answer(command.id, self.trust.hear(command))
        on_air = self.shown.on_air if self.shown is not None else None
        if self.trust.needs_another(on_air, self.seen, utc, now):
            self._serial += 1
            self.shown = self.trust.stand_by(self._serial, now)
        if self.shown is not None:
            self._send(self.shown)
        return False

    def _clock_wrong(self, utc: datetime) -> str | None:
        """What speaks against the machine's clock; once the agent stands on it, only its year."""
        if self.standing is not None:
            return distrust(utc, None)
        kept = self.rig.clock.synchronized()
        return distrust(utc, self.rig.journal.last_instant, self._planned, kept)

    def _standing(self, now: datetime) -> Standing:
        if self.standing is None:
            rig = self.rig
            self.standing = Standing(rig.channel, rig.journal, rig.library, now)
            self.tell.open()
        return self.standing

    def _note_step(self, now: datetime) -> None:
        step = self.seen.clock_step if self.seen is not None else self._step
        if step != self._step:
            self._step = step
            if step:
                text = (
                    f"The machine's clock was changed by {step:+.1f} s. What is on air continues."
                )
                self.rig.journal.alarm(now, text)

    def _start_over(self, standing: Standing, now: datetime) -> bool:
        """After the clock went back: what is on air ends by itself, then time is believed."""
        if self.seen is not None and self.seen.layer is Layer.DECK and self.shown is not None:
            self._send(self.shown)
            return False
        standing.record(now, Absent(now, standing.reckoner.unseen()))
        return True

    def _hear(self, standing: Standing, now: datetime) -> None:
        came = self.rig.mailbox.take_plan()
        if came is not None:
            refused = standing.offer(came[0], now, came[1])
            if refused is not None:
                log.info("A plan was not accepted: %s.", refused)
        self._set_aside(now)
        ack = self.rig.mailbox.take_ack()
        if ack is not None and ack.resume_after is not None:
            log.warning("The server lacks journal entries it had acknowledged; they go again.")
            self.rig.journal.resume(ack.resume_after)
        elif ack is not None:
            self.rig.journal.acknowledge(ack.acknowledged)

    def _set_aside(self, now: datetime) -> None:
        """Go on without an entry that the server refuses for good; staff hear of it."""
        refused = self.rig.mailbox.take_refused()
        if refused is not None and self.rig.journal.set_aside(refused[0]):
            words = f"The server permanently refuses a line of the record: {refused[1]}"
            self.aside = f"{words} It is kept on this machine only."
            log.warning("%s Its id is %s.", words, refused[0])
            self.rig.journal.alarm(now, self.aside, f"aside:{refused[0]}"[:80])

    def _obey(self, standing: Standing, now: datetime) -> None:
        for command in self.rig.mailbox.take_commands():
            if not self.rig.journal.knows(command):
                self._judge(standing, command, now)
        for command in self.rig.door.take():
            self.rig.door.answer(command.id, self._judge(standing, command, now))

    def _judge(self, standing: Standing, command: Command, now: datetime) -> str:
        """Obey or refuse one command; the answer is why it was refused, or nothing."""
        air = standing.air(now, director.on_air(standing.rundown, now, self.seen))
        try:
            obey.refuse_late(command, self.rig.clock.utc())
            events = obey.obey(command, air)
        except CommandRefused as refusal:
            self.rig.journal.command(now, command, str(refusal))
            return str(refusal)
        self.rig.journal.command(now, command)
        standing.record(now, *events)
        standing.refresh(now, None)
        return ""

    def _show(self, standing: Standing, now: datetime) -> None:
        drawings, plan = self.rig.drawings, standing.plan
        current = director.on_air(standing.rundown, now, self.seen)
        scene = director.DirectorInput(
            rundown=standing.rundown,
            now=now,
            find=self.rig.library.find,
            home=self.rig.library.home,
            happened=standing.happened,
            intakes=self._intakes(standing, current, now),
            graphic=drawings.graphic(overlay(standing.air(now, current)), plan),
            board=drawings.board(plan, now),
            slate=lambda text: drawings.slate(text, plan),
        )
        wanted = director.decide(scene, self.seen)
        if self.shown is None or replace(wanted, serial=self._serial) != self.shown:
            self._serial += 1
        self._send(replace(wanted, serial=self._serial))

    def _intakes(self, standing: Standing, current: Cue, now: datetime) -> tuple[Intake, ...]:
        wanted = intakes(standing.plan, current, standing.happened, now)
        looking = self.rig.mailbox.looking
        return with_previews(wanted, standing.plan, looking, now, SOURCE_SLOTS)

    def _send(self, desired: Desired) -> None:
        """Tell the engine; telling it again changes nothing, so it is told every turn."""
        self.shown = desired
        try:
            self.rig.engine.show(desired)
        except EngineError as error:
            self.problem = f"The engine does not respond: {error}."

    def _reckon(self, standing: Standing, now: datetime) -> None:
        if self._reckoned is not None and timedelta(0) <= now - self._reckoned < RECKON:
            return
        self._reckoned = now
        try:
            self.tell.reckon(self.rig.engine, standing, now, self.seen)
        except EngineError as error:
            self.problem = f"The engine does not respond: {error}."

    def _report_standby(self, last: datetime) -> None:
        """Tell that the slate airs and why, at an instant that is surely not wrong."""
        mailbox, reason = self.rig.mailbox, f"{self.trust.reason} {UNTIL}"
        status = self.tell.standby(self.rig.channel, last, self.seen, reason)
        with mailbox.lock:
            mailbox.status, mailbox.entries = status, self.rig.journal.waiting()
            mailbox.acknowledged = self.rig.journal.acknowledged_id

    def _report(self, standing: Standing, now: datetime) -> None:
        mailbox = self.rig.mailbox
        problems = [self.problem, standing.short_of_room, self.rig.journal.problem]
        problems += [mailbox.problem, mailbox.short]
        problems += [*standing.problems.values(), *self.rig.drawings.problems.values()]
        problems += self.seen.problems if self.seen is not None else ()
        problems += [self.rig.door.problem, self.aside]
        current = director.on_air(standing.rundown, now, self.seen)
        asked = self._attention.questions
        problems = [problem for problem in problems if problem]
        status = self.tell.status(standing, current, now, self.seen, problems, asked)
        with mailbox.lock:
            mailbox.status = status
            mailbox.entries = self.rig.journal.waiting()
            mailbox.acknowledged = self.rig.journal.acknowledged_id
            mailbox.in_force = standing.tag
            mailbox.fetch, mailbox.soon = tuple(standing.missing), standing.soon
            if standing.rundown != self._told:
                mailbox.expected = self._told = standing.rundown


def run_agent(settings: Settings, channel: str, engine: Engine, clock: Clock) -> None:
    """Keep deciding for one channel, four times a second and whenever something wakes it.

    Returns never; the supervisor ends it. Nothing that goes wrong in a turn stops the next one.
    """
    rig = make_rig(settings, channel, engine, clock)
    agent = Agent(rig)
    helpers = Helpers(settings, rig)
    helpers.start()
    while True:
        try:
            now = agent.tick()
            helpers.after(now, agent.wakes(now))
        except Exception:  # noqa: BLE001 - the next turn looks at everything anew
            log.exception("A turn of the agent failed. What is on air continues.")
        beat()
        clock.wait(TURN.total_seconds(), helpers.wake)
        helpers.wake.clear()
