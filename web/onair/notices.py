"""The banner on every staff page: what an operator put on air, and what needs an answer."""

from dataclasses import dataclass
from datetime import datetime

from playout.alerts.conditions import Severity
from playout.alerts.words import place
from playout.model.commands import QuestionKind
from scheduler.db.store import Database
from scheduler.domain.model.people import Actor, Right
from scheduler.queries import alert_pages, grid, host_status
from web.kit import words

SHOWN_EVERYWHERE = frozenset(QuestionKind) - {QuestionKind.FROZEN}


@dataclass(frozen=True)
class BannerNotice:
    """One line of the banner."""

    text: str
    emergency: bool = False


def notices(
    db: Database, actor: Actor, now: datetime, *, questions: bool = True
) -> tuple[BannerNotice, ...]:
    """Return urgent alerts, overrides and emergency messages for all, and questions for those who
    may answer them.

    Pass `questions=False` for a page that shows the questions already.
    """
    lines = _wrong(db)
    for channel in grid.channels(db):
        air = host_status.current_status(db, channel.id, now)
        if air is None:
            continue
        if air.message is not None and air.message.until > now:
            until = words.clock(air.message.until, channel.tz)
            by = f"by {air.message.by} until {until}"
            text = f"{channel.name}: emergency message {by}: “{air.message.text}”"
            lines.append(BannerNotice(text, emergency=True))
        if air.override is not None:
            until = words.clock(air.override.until, channel.tz)
            text = f"{channel.name}: {air.title}, put on air by {air.override.by}"
            lines.append(BannerNotice(f"{text}. The schedule resumes at {until}."))
        if questions and actor.may(Right.OPERATE, channel.id):
            pressing = [question for question in air.questions if question.ask in SHOWN_EVERYWHERE]
            lines += [BannerNotice(f"{channel.name}: {question.text}") for question in pressing[:1]]
    return tuple(lines)


def _wrong(db: Database) -> list[BannerNotice]:
    """Return what is urgent and not acknowledged, in the words of the alerts page."""
    urgent = [
        one
        for one in alert_pages.open_alerts(db)
        if one.rule.severity is Severity.URGENT and one.acknowledged is None
    ]
    names: dict[str, str] = {}
    if urgent:
        names.update({channel.id: channel.name for channel in grid.channels(db)})
    return [
        BannerNotice(f"{place(one, names)}: {one.rule.title}. {one.detail}".removeprefix(": "))
        for one in urgent
    ]
