"""Alerts out of observations: when one is raised, when it is over, and how flapping is damped.

Two rules keep a fault that comes and goes from becoming many messages. An alert stays open until
the fault has been gone for `hold`, so quick flaps count up `times` of one alert. And an alert that
comes back soon after its end inherits `rounds`, which makes its hold four times as long:

    camera cable with a loose contact, NO_SIGNAL is over after 60 s, gone and back every 90 s
    20:00:00  comes                alert A, rounds 0, over after  1 min
    20:01:30  gone  ... 20:02:30   A is over, ended 20:01:30
    20:03:00  comes                alert B, rounds 1, over after  4 min
    20:04:30  gone, 20:06:00 back  B is still open, times 2
    ...                            B stays the one alert of the evening
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.clock_steps import NO_STEP, elapsed, on_present_clock
from playout.alerts.conditions import RULES, Condition, ConditionRule

DAMPED_FOR = timedelta(hours=6)
"""An alert that comes back within this long after its end is damped."""
LONGEST_HOLD = timedelta(hours=2)
DAMPING = 4
FLAPS_RAISED_AT = 5
"""A fault that came this often is raised even if it never held for long."""
FORGOTTEN_AFTER = timedelta(hours=24)
"""An open alert that no one has spoken of for so long is closed: its reporter is gone for good."""


@dataclass(frozen=True)
class Observation:
    """One report that a condition holds, or holds no more."""

    condition: Condition
    channel: str
    """Slug of the channel; empty for the whole station."""
    subject: str
    """The thing it is about, where a channel has several: an airing, a disk; often empty."""
    holds: bool
    detail: str
    """What is wrong, in a sentence for staff."""
    at: datetime
    """UTC."""
    reporter: str
    """Who observed it, such as `host`, `schedule` or `watcher`: a fault is over when every one of
    those who reported it says so."""

    @property
    def key(self) -> "AlertKey":
        """The fault it speaks of."""
        return AlertKey(self.condition, self.channel, self.subject)


@dataclass(frozen=True)
class AlertKey:
    """The name of a fault: of each there is at most one open alert."""

    condition: Condition
    channel: str
    subject: str


@dataclass(frozen=True)
class Alert:
    """One fault from its beginning to its end. All instants are UTC."""

    id: str
    key: AlertKey
    detail: str
    began: datetime
    """When it was first observed."""
    came: datetime
    """When it came last: since then it holds without a gap."""
    last: datetime
    """When anyone last spoke of it."""
    reporters: frozenset[str] = frozenset()
    """Those who observe it now."""
    raised: datetime | None = None
    """When it had held long enough to tell people; None before."""
    gone: datetime | None = None
    """Since when nobody observes it; None while somebody does."""
    ended: datetime | None = None
    """When it was gone, once it is over."""
    times: int = 1
    """How often it came."""
    rounds: int = 0
    """How many alerts of this fault ended shortly before."""
    told_by: str = ""
    """The broadcast machine that has told people of it already; empty for none."""
    acknowledged: datetime | None = None
    acknowledged_by: str = ""

    @property
    def rule(self) -> ConditionRule:
        """The rule of its condition."""
        return RULES[self.key.condition]

    @property
    def hold(self) -> timedelta:
        """The time it must be gone before it is over."""
        factor: int = DAMPING**self.rounds
        return min(self.rule.over_after * factor, LONGEST_HOLD)


def first_alert(seen: Observation, id: str, before: Alert | None = None) -> Alert:
    """Return the alert of a fault that has none open; `before` is the last one that ended."""
    soon = before is not None and before.ended is not None
    soon = soon and before is not None and elapsed(before.ended or seen.at, seen.at) < DAMPED_FOR
    rounds = min(before.rounds + 1, 5) if soon and before is not None else 0
    fresh = Alert(id, seen.key, seen.detail, seen.at, came=seen.at, last=seen.at, rounds=rounds)
    return advance(replace(fresh, reporters=frozenset({seen.reporter})), seen.at)


def take(
    before: Alert | None, seen: Observation, id: Callable[[], str]
) -> tuple[Alert | None, Alert | None]:
    """Return the last alert of a fault as it is after one more observation, and the alert that
    begins with it; None for none. `id` names the new one.

    Whoever keeps alerts, in memory or in rows, takes in what is seen by this one rule.
    """
    if before is not None and (before := advance(before, seen.at)).ended is None:
        return observed(before, seen), None
    return before, first_alert(seen, id(), before) if seen.holds else None


def observed(alert: Alert, seen: Observation) -> Alert:
    """Return the open alert after one more observation of its fault.

    An observation older than the last one changes nothing.
    """
    if seen.at < alert.last:
        return alert
    if seen.holds:
        came_back = alert.gone is not None
        alert = replace(
            alert,
            detail=seen.detail or alert.detail,
            last=seen.at,
            came=seen.at if came_back else alert.came,
            gone=None,
            times=alert.times + came_back,
            reporters=alert.reporters | {seen.reporter},
        )
    else:
        left = alert.reporters - {seen.reporter}
        gone = None if left else alert.gone or seen.at
        alert = replace(alert, last=seen.at, reporters=left, gone=gone)
    return advance(alert, seen.at)


def advance(alert: Alert, now: datetime) -> Alert:
    """Return the alert as it is at `now`: raised once it has held, over once it is gone."""
    if alert.ended is not None:
        return alert
    if alert.gone is not None and now - alert.gone >= alert.hold:
        return replace(alert, ended=alert.gone)
    if now - alert.last >= FORGOTTEN_AFTER:
        return replace(alert, gone=alert.gone or alert.last, ended=alert.gone or alert.last)
    held = alert.gone is None and now - alert.came >= alert.rule.raised_after
    if alert.raised is None and (held or alert.times >= FLAPS_RAISED_AT):
        return replace(alert, raised=now)
    return alert


def follow_clock(alert: Alert, now: datetime, step: timedelta = NO_STEP) -> Alert:
    """Return the alert by the clock that was set by `step` and says `now`: nothing lies ahead.

    Call it before `take` and `advance`, and keep the result: spans are counted on from it.
    """

    def moved(at: datetime | None) -> datetime | None:
        return None if at is None else on_present_clock(at, now, step)

    return replace(
        alert,
        began=on_present_clock(alert.began, now, step),
        came=on_present_clock(alert.came, now, step),
        last=on_present_clock(alert.last, now, step),
        raised=moved(alert.raised),
        gone=moved(alert.gone),
        ended=moved(alert.ended),
        acknowledged=moved(alert.acknowledged),
    )


def never_told(alert: Alert) -> bool:
    """Return whether the alert ended before it was raised, so that nothing need be kept of it."""
    return alert.ended is not None and alert.raised is None


def quiet(
    open_alerts: Iterable[Alert], reporter: str, holding: Sequence[Observation], at: datetime
) -> tuple[Observation, ...]:
    """Return what a reporter that lists all it sees wrong says of what it lists no more.

    `open_alerts` are those that the list could speak of.
    """
    seen = {one.key for one in holding}
    return tuple(
        Observation(*_of(alert.key), holds=False, detail="", at=at, reporter=reporter)
        for alert in open_alerts
        if reporter in alert.reporters and alert.key not in seen
    )


def _of(key: AlertKey) -> tuple[Condition, str, str]:
    return key.condition, key.channel, key.subject
