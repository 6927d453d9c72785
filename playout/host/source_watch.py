"""The agent's view of sources: it journals what they do to lives and raises each alarm once."""

from collections.abc import Sequence
from datetime import datetime

from playout.direction import director
from playout.host.channel_state import ChannelState
from playout.lives.questions import questions
from playout.lives.signal_rules import live_events, recording_changes, signal_changes
from playout.model.commands import Question, QuestionKind
from playout.model.engine import Observation
from playout.model.events import Event, Off, Recorded

MOST_EVENTS_PER_TURN = 8
"""The most rounds of events in one turn; more wait for the next."""
WITHOUT_ALARM = {QuestionKind.AS_LIVE, QuestionKind.PROVISIONAL, QuestionKind.RECORDING}
"""Questions that raise no alarm: their cause has raised one already, or needs none."""


class SourceWatch:
    """Looks at sources and recordings each turn, and keeps the questions that follow."""

    def __init__(self) -> None:
        self.questions: tuple[Question, ...] = ()

    def look(self, state: ChannelState, seen: Observation | None, now: datetime) -> None:
        """Record what sources and recordings did, and what follows from it for the lives."""
        reports = seen.sources if seen is not None else ()
        news: list[Event] = [*signal_changes(state.happened, reports)]
        if seen is not None:
            news += recording_changes(state.happened, seen.recordings, now, state.plan)
        self._record(state, news, now)
        # Each event may make another due, as when one live ends and the next begins. The bound
        # keeps two rules that would answer each other from holding up the turn.
        for _ in range(MOST_EVENTS_PER_TURN):
            air = state.air(now, director.on_air(state.rundown, now, seen))
            events = live_events(air, reports)
            if not events:
                break
            self._record(state, events, now)
        self._ask(state, seen, now)

    def _record(self, state: ChannelState, events: Sequence[Event], now: datetime) -> None:
        if not events:
            return
        state.record(now, *events)
        state.refresh(now, None)
        for event in events:
            if words := _alarm(state, event):
                state.journal.alarm(now, words)

    def _ask(self, state: ChannelState, seen: Observation | None, now: datetime) -> None:
        """Renew the questions. Raise an alarm once for each question and each of its warnings."""
        air = state.air(now, director.on_air(state.rundown, now, seen))
        self.questions = questions(air, seen.sources if seen is not None else ())
        for question in self.questions:
            if question.ask not in WITHOUT_ALARM:
                about = f"{question.item}:{question.other}:{question.near}"
                name = f"ask:{question.ask}:{about}:{question.at:%Y%m%dT%H%M%S}"
                near = f" In {question.near} minutes." if question.near is not None else ""
                state.journal.alarm(now, f"{question.text}{near}", name)


def _alarm(state: ChannelState, event: Event) -> str:
    """Return what staff must know of an event, in words; empty for most."""
    if isinstance(event, Off) and event.why in ("provisional", "adjourned"):
        cue = state.cue_of(event.cue)
        title = cue.title if cue is not None else "The live"
        word = "adjourned provisionally" if event.why == "provisional" else "adjourned"
        return f"{title} was {word}: {event.reason}."
    if isinstance(event, Recorded):
        titles = [i.title for i in state.plan.items if i.airing == event.recording.airing]
        return event.recording.in_words(titles[0] if titles else "an airing")
    return ""
