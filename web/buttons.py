"""The operator's buttons of one channel: what each does, said before it is pressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.rundown import Cue, Kind
from playout.wire import Verb
from scheduler.domain.readiness import AiringView
from scheduler.queries.onair import OnAir
from web import words

OVERRIDE = 80
FILLING = "Filler and bulletins"
SOON = timedelta(seconds=5)


@dataclass(frozen=True)
class Act:
    """One button: what it does, said before it is pressed."""

    verb: Verb
    word: str
    brief: str
    """One line under the button's word."""
    question: str
    consequence: str
    item: str = ""
    possible: bool = True
    key: str = ""
    """Tells two buttons of one verb apart; the verb itself where empty."""
    minutes: int | None = None
    confirm: bool = True
    """False for what can be taken back at once: it is done at the first press."""
    here: bool = False
    """True where replays would begin at the press: the time goes on under the button's word."""
    said: str = ""
    """What became of its last press, for some seconds after it."""
    waits: bool = False
    """True while the broadcast machine has not answered its last press."""


def title_of(cue: Cue) -> str:
    """What staff call it: the board and the slate have no title of their own."""
    if cue.item is None and cue.kind is Kind.BOARD:
        return "Bulletins"
    if cue.kind is Kind.SLATE and cue.item is None:
        return "Slate"
    return cue.title


def buttons(on: OnAir, planned: Sequence[AiringView], now: datetime) -> tuple[Act, ...]:
    """The four buttons, each with its consequence; those that can do nothing now are off."""
    there = on.state == "on air"
    overriding = on.cue.rank >= OVERRIDE
    slated = overriding and on.cue.kind is Kind.SLATE
    covered = f"Viewers see “{on.channel.slate_text}” at once, without sound, until you rejoin."
    return (
        _take(on, now, there),
        _skip(on, there),
        Act(
            Verb.SLATE,
            "Slate",
            "up now" if slated else "cover the air at once",
            "Cover the air with the slate?",
            f"{covered} Nothing that is planned shows until then.",
            possible=there and not slated,
        ),
        Act(
            Verb.REJOIN,
            "Rejoin",
            "back to the schedule" if overriding else "on schedule already",
            "Go back to the schedule?",
            _rejoined(on, planned, now),
            possible=there and overriding,
        ),
    )


def _take(on: OnAir, now: datetime, there: bool) -> Act:
    taken = on.next[0] if on.next else None
    if taken is None:
        return Act(Verb.TAKE, "Take next", "nothing is next", "", "", possible=False)
    tz, early = on.channel.tz, max(taken.start - now, SOON)
    lead = f"{title_of(taken)} starts {words.about(early)} before its time"
    ends = (now + (taken.end - taken.start)).replace(second=0, microsecond=0)
    said = [
        f"{lead} ({words.clock(taken.start, tz)}) and runs until about {words.clock(ends, tz)}.",
        f"{title_of(on.cue)} ends" + (" and does not come back." if on.cue.item else "."),
        _after(on.next[1] if len(on.next) > 1 else None, on),
    ]
    question = f"Put {taken.title} on air now?"
    brief, possible = taken.title, there and taken.item is not None
    return Act(Verb.TAKE, "Take next", brief, question, " ".join(said), taken.item or "", possible)


def _skip(on: OnAir, there: bool) -> Act:
    name = title_of(on.cue)
    following = on.next[0] if on.next else None
    return Act(
        Verb.SKIP,
        "Skip",
        f"end {name}" if on.cue.item else "nothing to skip",
        f"Skip {name}?",
        f"{name} ends now and does not come back. {_after(following, on)}",
        on.cue.item or "",
        there and on.cue.item is not None,
    )


def _rejoined(on: OnAir, planned: Sequence[AiringView], now: datetime) -> str:
    """What the schedule has for this moment."""
    for view in planned:
        if view.airing.start <= now < view.airing.end and view.airing.outcome is None:
            since = now - view.airing.start
            far = f", {words.about(since)} in" if since > timedelta(minutes=1) else ""
            return f"{view.airing.title} comes on{far}."
    following = on.next[0] if on.next else None
    return _after(following, on).replace(" follow", " come on", 1)


def _after(following: Cue | None, on: OnAir) -> str:
    if following is None:
        return f"{FILLING} follow."
    at = words.clock(following.start, on.channel.tz)
    return f"{FILLING} follow until {following.title} at {at}."
