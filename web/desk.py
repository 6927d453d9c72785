"""What the on-air desk shows of one channel, worked out from the on-air query."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.rundown import Cue, Kind, Outcome
from playout.wire import AsRun, Verb
from scheduler.domain.channel import Channel
from scheduler.domain.readiness import AiringView
from scheduler.queries.onair import OnAir, Told
from web import words
from web.strip import Piece, Strip, draw

DISK_LOW = 10 * 1000**3
CLOCK_OFF = 0.5
FINE = frozenset({Outcome.AIRED, Outcome.JOINED})


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


@dataclass(frozen=True)
class Answer:
    """What became of a command."""

    text: str
    refused: bool


@dataclass(frozen=True)
class Desk:
    """One channel of the on-air page."""

    channel: Channel
    heard: bool
    silence: str
    mode: str
    now: Cue
    title: str
    coming: tuple[Cue, ...]
    acts: tuple[Act, ...]
    answers: tuple[Answer, ...]
    health: tuple[tuple[str, str], ...]
    strip: Strip
    rev: str
    """Changes when anything but passing time has changed."""


def desk(on: OnAir, planned: tuple[AiringView, ...], ran: tuple[AsRun, ...], now: datetime) -> Desk:
    """The channel as the page shows it."""
    channel = on.channel
    acts, answers = _acts(on, now), tuple(_answer(told, on) for told in on.told[:2])
    health = _health(on, now)
    strip = draw(_planned(planned), _ran(ran, on, now), now, channel.tz)
    told = (on.cue, on.next, on.state, answers, health, acts, strip.ran, now.minute)
    return Desk(
        channel=channel,
        heard=on.state == "on air",
        silence=_silence(on, now),
        mode="operator override" if on.cue.rank >= 80 else "",
        now=on.cue,
        title=title_of(on.cue),
        coming=on.next,
        acts=acts,
        answers=answers,
        health=health,
        strip=strip,
        rev=hashlib.sha256(repr(told).encode()).hexdigest()[:16],
    )


def title_of(cue: Cue) -> str:
    """What staff call it: the board and the slate have no title of their own."""
    if cue.item is None and cue.kind is Kind.BOARD:
        return "Bulletins"
    if cue.kind is Kind.SLATE and cue.item is None:
        return "Slate"
    return cue.title


def _silence(on: OnAir, now: datetime) -> str:
    if on.state == "never" or on.heard_at is None:
        return "no broadcast machine has reported yet"
    return f"the broadcast machine has been silent for {words.about(now - on.heard_at)}"


def _acts(on: OnAir, now: datetime) -> tuple[Act, ...]:
    current, following = on.cue, on.next[0] if on.next else None
    there = on.state == "on air"
    overriding = current.rank >= 80 or current.kind.value == "slate"
    return (
        _take(on, following, now, there),
        Act(
            Verb.SKIP,
            "Skip",
            f"end {title_of(current)}",
            f"Skip {title_of(current)}?",
            f"{title_of(current)} ends now and does not come back. {_then(on, following)}",
            current.item or "",
            there and current.item is not None,
        ),
        Act(
            Verb.SLATE,
            "Slate",
            "cover the air at once",
            "Cover the air with the slate?",
            f"Viewers see “{on.channel.slate_text}” at once, without sound, until you rejoin.",
            possible=there,
        ),
        Act(
            Verb.REJOIN,
            "Rejoin",
            "back to the schedule",
            "Go back to the schedule?",
            "What the schedule has for this moment comes on, joined in progress.",
            possible=there and overriding,
        ),
    )


def _take(on: OnAir, following: Cue | None, now: datetime, there: bool) -> Act:
    if following is None:
        return Act(Verb.TAKE, "Take next", "nothing is next", "", "", possible=False)
    early = words.length(following.start - now)
    at = words.clock(following.start, on.channel.tz)
    return Act(
        Verb.TAKE,
        "Take next",
        following.title,
        f"Put {following.title} on air now?",
        f"It starts {early} before its time ({at}), and ends {title_of(on.cue)}.",
        following.item or "",
        there and following.item is not None,
    )


def _then(on: OnAir, following: Cue | None) -> str:
    if following is None:
        return "Filler and bulletins follow."
    at = words.clock(following.start, on.channel.tz)
    return f"Filler and bulletins follow until {following.title} at {at}."


def _answer(told: Told, on: OnAir) -> Answer:
    at = words.clock(told.issued, on.channel.tz, seconds=True)
    what = f"{at} {told.actor}: {told.verb}"
    said = {
        "waiting": "on its way to the broadcast machine",
        "accepted": "done",
        "refused": "refused",
        "unanswered": "not done: the broadcast machine did not answer in ten seconds",
    }[told.answer]
    reason = f". {told.reason}" if told.reason else ""
    return Answer(f"{what}: {said}{reason}", told.answer in ("refused", "unanswered"))


def _health(on: OnAir, now: datetime) -> tuple[tuple[str, str], ...]:
    status = on.status
    if status is None or on.heard_at is None:
        return (("amber", "no broadcast machine"), _plan(on))
    heard = on.state == "on air"
    outputs = status.outputs
    step = abs(status.clock_step)
    lines = [
        ("ready" if heard else "amber", f"{status.host}{'' if heard else ' silent'}"),
        ("ready" if outputs else "amber", words.a_count(outputs, "output")),
        ("ready" if status.disk_free > DISK_LOW else "amber", f"{_free(status.disk_free)} free"),
        ("ready" if step < CLOCK_OFF else "amber", "clock" if step < CLOCK_OFF else _off(step)),
        _plan(on),
    ]
    if status.missing:
        lines.append(("amber", f"{words.a_count(len(status.missing), 'file')} still to fetch"))
    lines += [("amber", problem) for problem in status.problems[:3]]
    return tuple(lines)


def _free(count: int) -> str:
    return f"{count // 1000**3} GB"


def _off(step: float) -> str:
    return f"clock stepped {step:.1f} s"


def _plan(on: OnAir) -> tuple[str, str]:
    if not on.published:
        return "amber", "no plan published yet"
    if on.up_to_date:
        return "ready", "schedule up to date"
    return "amber", "newest schedule not pulled yet"


def _planned(views: tuple[AiringView, ...]) -> list[Piece]:
    return [Piece(view.airing.title, view.airing.start, view.airing.end) for view in views]


def _ran(ran: tuple[AsRun, ...], on: OnAir, now: datetime) -> list[Piece]:
    pieces = [
        Piece(
            run.title,
            run.start,
            run.end,
            run.item is not None and run.outcome not in FINE,
            f"({run.outcome.value}{': ' + run.reason if run.reason else ''})",
        )
        for run in ran
        if run.ticks and run.end > run.start
    ]
    if on.state == "on air" and on.cue.start < now:
        begin = max([on.cue.start, *(piece.end for piece in pieces)])
        if begin < now:
            pieces.append(Piece(title_of(on.cue), begin, now))
    return _merged(pieces)


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one title as one piece, and slivers of filler as one stretch."""
    merged: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.start):
        last = merged[-1] if merged else None
        near = last is not None and piece.start - last.end < timedelta(seconds=2)
        if last is not None and near and last.title == piece.title and last.bad == piece.bad:
            merged[-1] = Piece(last.title, last.start, piece.end, last.bad, last.note)
        else:
            merged.append(piece)
    return merged
