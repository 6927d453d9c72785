"""Questions and warnings to staff about live airings, each with the commands that answer it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from playout.lives.sessions import (
    BEGINNING_MISSED_AFTER,
    RESUMABLE_FOR,
    expected_end,
    in_session,
    is_held,
)
from playout.lives.signal_rules import is_silent, signal_patience
from playout.model.commands import Question, QuestionKind, Verb
from playout.model.plan import ContentKind, Item
from playout.model.recording import RecordingState
from playout.model.rundown import next_item
from playout.model.source import SourceReport
from playout.state.air_state import Situation

WARNING_MINUTES = (5, 15)
"""Minutes before an event at which staff are asked about it, the nearest first."""
FROZEN_AFTER = timedelta(minutes=1)
"""A picture unchanged for this long is reported. Nothing acts on it: rooms have fixed cameras."""
RECORDING_ASKED_FOR = timedelta(hours=24)
"""How long after its planned start staff read that a recording failed or waits to be aired."""


def questions(air: Situation, reports: Iterable[SourceReport]) -> tuple[Question, ...]:
    """Return everything to ask or tell staff at `air.now`; the live on air comes first."""
    heard = {report.source: report for report in reports}
    open_questions: list[Question] = []
    current = air.current
    item = air.plan.item(current.item)
    if item is not None and current.kind is ContentKind.LIVE:
        open_questions += _on_air(item, heard.get(item.source or ""), air)
    for other in air.plan.items:
        if other.kind is ContentKind.LIVE and other.id != current.item:
            open_questions += _off_air(other, air)
    return tuple(open_questions)


def _on_air(item: Item, report: SourceReport | None, air: Situation) -> Iterator[Question]:
    if item.id not in air.happened.begun:
        yield _ask(QuestionKind.LATE, item, air.current.start, (Verb.GO,), _late(item, air))
    yield from _limit(item, air)
    yield from _clash(item, air)
    yield from _overrun(item, air)
    yield from _trouble(item, report, air)


def _late(item: Item, air: Situation) -> str:
    source = next((one for one in air.plan.sources if one.id == item.source), None)
    by_signal = source is not None and source.starts_on_signal
    until = (
        "its signal arrives or someone presses Start the meeting"
        if by_signal
        else "someone presses Start the meeting"
    )
    return f"{item.title} has not started. Its slate airs until {until}."


def _limit(item: Item, air: Situation) -> Iterator[Question]:
    limit = item.hard_limit
    if limit is not None and is_held(item, air.happened) and (near := _warning_due(limit, air.now)):
        text = f"{item.title} ends at its latest end time, even if it is still in session."
        yield _ask(QuestionKind.LIMIT, item, limit, (Verb.ADJOURN,), text, near=near)


def _clash(item: Item, air: Situation) -> Iterator[Question]:
    """Ask about another live that is about to start, or has started, while this one is on air."""
    if not air.current.held:
        return
    for other in air.plan.items:
        if (
            other.kind is not ContentKind.LIVE
            or other.id == item.id
            or other.id in air.happened.aired
        ):
            continue
        near = _warning_due(other.start, air.now)
        if near or in_session(other, air.current, air.happened, air.now):
            text = (
                f"{other.title} starts while {item.title} is on. If no one answers, {item.title} "
                f"stays and {other.title} is recorded from before its start."
            )
            answers = (Verb.ADJOURN, Verb.TAKE)
            yield _ask(QuestionKind.CLASH, item, other.start, answers, text, other=other, near=near)


def _overrun(item: Item, air: Situation) -> Iterator[Question]:
    end = expected_end(item, air.happened)
    near = _warning_due(end, air.now)
    if not air.current.held or end == item.hard_limit or not (near or air.now >= end):
        return
    following = next_item(air.rundown, air.now)
    waits = f" {following.title} waits." if following is not None and air.now >= end else ""
    text = f"{item.title} stays on until it is adjourned.{waits}"
    answers = (Verb.HOLD, Verb.EXTEND, Verb.ADJOURN, Verb.TAKE)
    other = next((i for i in air.plan.items if following and i.id == following.item), None)
    yield _ask(QuestionKind.OVERRUN, item, end, answers, text, other=other, near=near)


def _trouble(item: Item, report: SourceReport | None, air: Situation) -> Iterator[Question]:
    if item.id not in air.happened.begun:
        return
    if report is None:
        text = f"The source of {item.title} is not reporting. It stays on, behind its slate."
        yield _ask(QuestionKind.NO_SIGNAL, item, air.current.start, (Verb.ADJOURN,), text)
        return
    end = expected_end(item, air.happened)
    lost = air.happened.lost.get(report.source)
    if lost is not None:
        after = air.now >= end and air.current.held
        patience, words = signal_patience(item, air.happened)
        text = (
            f"No signal from {item.title}. It is provisionally adjourned after {words} without one."
            if after
            else f"No signal from {item.title}. Its slate airs until the signal is back."
        )
        at = max(lost, end) + patience if after else lost
        yield _ask(QuestionKind.NO_SIGNAL, item, at, (Verb.ADJOURN,), text)
    elif item.id in air.happened.recess:
        return
    elif report.silent_since is not None and is_silent(report, end, air.now):
        text = f"{item.title} has been silent for ten minutes. It stays on until it is adjourned."
        yield _ask(QuestionKind.SILENT, item, report.silent_since, (Verb.ADJOURN,), text)
    if report.frozen_since is not None and air.now - report.frozen_since >= FROZEN_AFTER:
        text = f"The picture of {item.title} does not change. It stays on."
        yield _ask(QuestionKind.FROZEN, item, report.frozen_since, (Verb.ADJOURN,), text)


def _off_air(item: Item, air: Situation) -> Iterator[Question]:
    since = air.happened.provisional.get(item.id)
    if since is not None:
        text = (
            f"{item.title} was adjourned for lack of signal. It comes back by itself if the "
            "signal does within the hour."
        )
        answers = (Verb.RESUME, Verb.ADJOURN)
        yield _ask(QuestionKind.PROVISIONAL, item, since + RESUMABLE_FOR, answers, text)
    if air.now - item.start > RECORDING_ASKED_FOR or air.now < item.start:
        return
    kept = air.happened.recordings.get(item.airing) if item.airing is not None else None
    if kept is None:
        return
    if doubt := kept.in_words(item.title):
        yield _ask(QuestionKind.RECORDING, item, kept.began, (), doubt)
    if (
        kept.state is not RecordingState.FAILED
        and _beginning_missed(item, air)
        and not air.current.held
    ):
        text = f"{item.title} was recorded while another meeting was on air. Air it as live?"
        yield _ask(QuestionKind.AS_LIVE, item, item.start, (), text)


def _beginning_missed(item: Item, air: Situation) -> bool:
    """Return whether viewers missed the beginning of the live, or all of it."""
    if item.id in air.happened.skipped:
        return False
    pieces = [cue.start for cue in air.happened.pieces(item.id)]
    return not pieces or pieces[0] - item.start >= BEGINNING_MISSED_AFTER


def _warning_due(at: datetime, now: datetime) -> int | None:
    """Return the warning due before `at`: 15 or 5 minutes; None earlier, and from `at` on."""
    left = at - now
    if left <= timedelta(0):
        return None
    return next(
        (minutes for minutes in WARNING_MINUTES if left <= timedelta(minutes=minutes)), None
    )


def _ask(
    ask: QuestionKind,
    item: Item,
    at: datetime,
    answers: tuple[Verb, ...],
    text: str,
    *,
    other: Item | None = None,
    near: int | None = None,
) -> Question:
    name = other.id if other is not None else None
    return Question(ask, item.id, item.airing, item.title, at, text, answers, name, near)
