"""The air of one channel as a pure fold of events: no host, no engine, no clock, and fast."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from playout.commands.obey import obey
from playout.commands.viewed import ViewedStretch, shown
from playout.model.commands import Command, Verb
from playout.model.events import Absent, Begun, Event
from playout.model.plan import ContentKind, Plan
from playout.model.rundown import Cue, Rundown, cue_at, next_change
from playout.state.air_state import AirState, CommandRefused, Situation
from playout.state.fold import fold
from playout.timing.adoption import next_to_commit
from playout.timing.settle import settle

HORIZON = timedelta(hours=3)
LONGEST_STEP = timedelta(minutes=5)


@dataclass
class FoldedAir:
    """One channel: `to` lets time pass, `press` gives a command, `sees` is what viewers see."""

    plan: Plan
    now: datetime
    happened: AirState = field(default_factory=AirState)
    signal: bool = True
    """Whether lives begin at their start; without, they wait on their slate."""

    _settled: tuple[AirState, Rundown] | None = None
    _at: datetime | None = None

    def __post_init__(self) -> None:
        if self.happened == AirState():
            self.tell(Absent(self.now))
        self._pin()

    def copy(self) -> "FoldedAir":
        """Return a copy to try something out on."""
        return replace(self)

    def tell(self, *events: Event) -> None:
        """Apply facts as the host would journal them."""
        self.happened = fold(events, self.happened)

    def rundown(self) -> Rundown:
        """Return the rundown as things are."""
        if self._settled is None or self._settled[0] is not self.happened or self._at != self.now:
            made = settle(self.plan, self.happened, self.now, horizon=self.now + HORIZON)
            self._settled, self._at = (self.happened, made), self.now
        return self._settled[1]

    def current(self) -> Cue:
        """Return the cue on air."""
        return cue_at(self.rundown(), self.now)

    def sees(self) -> ViewedStretch:
        """Return what viewers see now."""
        return shown(self.current(), self.plan, self.happened, self.now)

    def to(self, until: datetime, each: Callable[[], None] | None = None) -> None:
        """Let time pass, with a step at each change and none longer than five minutes."""
        while self.now < until:
            self._pin()
            change = next_change(self.rundown(), self.now) or until
            self.now = min(max(change, self.now + timedelta(seconds=1)),
                           self.now + LONGEST_STEP, until)  # fmt: skip
            self._pin()
            if each is not None:
                each()

    def press(self, verb: Verb, **rest: object) -> str:
        """Give a command. Return why it was refused, or ""."""
        late = self.now + timedelta(seconds=10)
        name = f"p{self.now:%H%M%S}-{verb.value}"
        made = Command(name, 1, verb, self.now, late, "ann", **rest)  # type: ignore[arg-type]
        rundown = self.rundown()
        air = Situation(self.plan, rundown, self.happened, cue_at(rundown, self.now), self.now)
        try:
            self.tell(*obey(made, air))
        except CommandRefused as refused:
            return str(refused)
        self._pin()
        return ""

    def _pin(self) -> None:
        """Commit cues five seconds ahead; start a live with signal at its planned start."""
        while (event := next_to_commit(self.rundown(), self.happened, self.now)) is not None:
            self.tell(event)
        cue = self.current()
        is_new = cue.item not in self.happened.begun and cue.item not in self.happened.recess
        if cue.kind is ContentKind.LIVE and cue.item is not None and is_new and self.signal:
            self.tell(Begun(cue.item, max(cue.start, self.now), "time"))
