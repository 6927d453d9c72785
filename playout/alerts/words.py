"""The words of alerts: of one line, of a message's subject and of its body."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config import times
from playout.alerts.conditions import Severity
from playout.alerts.routing import Line, Step
from playout.alerts.tracking import Alert

MOST_LINES = 20
"""Alerts that one message spells out; of the rest it gives the number."""
STEP_WORDS = {
    Step.RAISED: "",
    Step.REMINDED: "Still: ",
    Step.OVER: "Over: ",
    Step.PASSED: "Was and is over: ",
}


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return `at 9:04 PM` or `on Tue, Nov 24 at 9:04 PM`."""
    clock = times.clock(at, zone)
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    return f"at {clock}" if local == today else f"on {times.day(local)} at {clock}"


def course(alert: Alert, zone: ZoneInfo, now: datetime) -> str:
    """Return when it began and ended, and how often it came: `Began at 9:04 PM.`"""
    said = f"Began {moment(alert.began, zone, now)}"
    if alert.ended is not None:
        said += f", over {moment(alert.ended, zone, now)}"
    if alert.times > 1:
        said += f"; came and went {alert.times} times"
    return f"{said}."


def place(alert: Alert, channels: Mapping[str, str]) -> str:
    """Return the channel's name, or an empty text for the whole station."""
    return channels.get(alert.key.channel, alert.key.channel)


def subject(lines: Sequence[Line], station: str, channels: Mapping[str, str]) -> str:
    """Return the subject of a message: its heaviest line, and how many more there are."""
    first = lines[0]
    where = place(first.alert, channels) or station
    urgent = first.alert.rule.severity is Severity.URGENT
    loud = "URGENT " if urgent and first.step in (Step.RAISED, Step.REMINDED) else ""
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    said = f"{loud}{where}: {STEP_WORDS[first.step]}{first.alert.rule.title}{more}"
    return " ".join(said.split())[:200]


def body(
    lines: Sequence[Line],
    channels: Mapping[str, str],
    zone: ZoneInfo,
    now: datetime,
    links: Sequence[str] = (),
) -> str:
    """Return the text of a message; `links` are sentences that stand at its end."""
    parts = ["\n".join(_told(line, channels, zone, now)) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        parts.append(f"And {len(lines) - MOST_LINES} more.")
    return "\n\n".join([*parts, *links]) + "\n"


def _told(line: Line, channels: Mapping[str, str], zone: ZoneInfo, now: datetime) -> list[str]:
    alert = line.alert
    where = place(alert, channels)
    heading = f"{STEP_WORDS[line.step]}{alert.rule.title}" + (f" · {where}" if where else "")
    told = [heading, alert.detail, course(alert, zone, now)]
    if alert.ended is None:
        told.append(f"What to do: {alert.rule.advice}")
    return [one for one in told if one]


def facts(line: Line, channels: Mapping[str, str]) -> dict[str, Any]:
    """Return one line as the JSON of a webhook gives it; instants in ISO 8601 UTC."""
    alert, rule = line.alert, line.alert.rule
    return {
        "alert": alert.id,
        "step": line.step.value,
        "condition": alert.key.condition.value,
        "severity": rule.severity.value,
        "channel": alert.key.channel,
        "channel_name": place(alert, channels),
        "title": rule.title,
        "detail": alert.detail,
        "what_to_do": rule.advice,
        "began": alert.began.isoformat(),
        "ended": alert.ended.isoformat() if alert.ended is not None else None,
        "times": alert.times,
    }
