"""The ways out of an overlap as buttons, each with what viewers would then see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.domain.clashes.one import Way, WayOut
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.queries.conflicts import WeighedChange
from web.kit import words
from web.kit.effects import after_edit, hours

MOST_LINES = 6
"""Most lines below one button."""
NOTHING_CHANGES = "Everything airs as planned."


@dataclass(frozen=True)
class WayButton:
    """One way out: its button's words, and a line for each airing it would change."""

    way: str
    word: str
    lines: tuple[str, ...]
    why_not: str = ""


def buttons(
    weighed: WeighedChange, title: str, zone: ZoneInfo, now: datetime
) -> tuple[WayButton, ...]:
    """Return a button for each way out; those that cannot be taken come last, with the reason."""
    ways = [_button(choice, title, len(weighed.others), zone, now) for choice in weighed.choices]
    return tuple(sorted(ways, key=lambda button: bool(button.why_not)))


def overlap_sentence(weighed: WeighedChange, title: str, zone: ZoneInfo, now: datetime) -> str:
    """Name the airings that the change would overlap, up to three of them."""
    named = [f"{one.title} ({hours(one.start, one.end, zone, now)})" for one in weighed.others]
    rest = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return f"{title or 'This airing'} would overlap {', '.join(named[:3])}{rest}."


def way_taken(choice: WayOut, title: str, others: int, zone: ZoneInfo) -> str:
    """Describe what was done, for the audit trail and for the message with Undo."""
    at = f" at {words.clock(choice.at, zone)}" if choice.at else ""
    about = choice.about + (f" and {others - 1} more" if others > 1 else "")
    return {
        Way.CUT: f"{title}, cutting{at}",
        Way.RIPPLE: f"{title}, moving {words.a_count(choice.moves, 'airing')}"
        if choice.moves
        else f"{title}{at}",
        Way.JOIN: f"{title}, joining in progress{at}",
        Way.SKIP: f"{title}, skipping {about}",
        Way.MOVE: f"{title}, moving {about}",
        Way.ELSEWHERE: f"{title}{at}",
        Way.RULES: title,
    }[choice.way]


def _button(choice: WayOut, title: str, others: int, zone: ZoneInfo, now: datetime) -> WayButton:
    at = words.clock(choice.at, zone) if choice.at else ""
    about = choice.about + (f" and {others - 1} more" if others > 1 else "")
    word = {
        Way.CUT: f"Keep the start and cut at {at}" if at else "Keep the start and cut",
        Way.RIPPLE: _finish(choice.moves),
        Way.JOIN: f"Join in progress at {at}" if at else "Join in progress",
        Way.SKIP: f"Skip {about}",
        Way.MOVE: f"Move {about} to {_when(choice.at, zone, now)}",
        Way.ELSEWHERE: f"Put {choice.about} at {_when(choice.at, zone, now)} instead",
        Way.RULES: "Leave both as they are",
    }[choice.way]
    if not choice.possible:
        if choice.way is Way.RIPPLE:
            word = "Let it finish and move the rest"
        return WayButton(choice.way.value, word, (), choice.why_not)
    lines = [after_edit(effect, zone, now) for effect in choice.effects]
    if choice.short:
        lines.insert(0, f"{title or 'This airing'} loses {words.length(choice.short)}.")
    return WayButton(choice.way.value, word, shortened(lines) or (NOTHING_CHANGES,))


def shortened(lines: Sequence[str]) -> tuple[str, ...]:
    """Return at most `MOST_LINES` lines; the last then counts those left out."""
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], f"and {len(lines) - MOST_LINES + 1} more")


def collisions(
    clashes: Sequence[tuple[AiringDraft, Sequence[Airing]]], zone: ZoneInfo, now: datetime
) -> tuple[str, ...]:
    """Return a line for each new airing that overlaps planned ones: which, and when."""
    return tuple(
        f"{one.title} ({hours(one.start, one.start + one.length, zone, now)}), over "
        + ", ".join(f"{o.title} ({clock_span(o.start, o.end, zone)})" for o in others)
        for one, others in clashes
    )


def all_buttons(
    ways: Sequence[WayOut], count: int, zone: ZoneInfo, now: datetime
) -> tuple[WayButton, ...]:
    """Return a button for each way out for `count` airings that overlap, impossible ones last."""
    made = [_for_all(choice, count, zone, now) for choice in ways]
    return tuple(sorted(made, key=lambda button: bool(button.why_not)))


def _for_all(choice: WayOut, count: int, zone: ZoneInfo, now: datetime) -> WayButton:
    those = "the one that conflicts" if count == 1 else f"the {count} that conflict"
    whole = "it" if count == 1 else "them"
    word = {
        Way.SKIP: f"Skip {those}",
        Way.RULES: f"Air {whole} anyway",
        Way.ELSEWHERE: f"Let the current airings finish and move {those}",
    }[choice.way]
    if not choice.possible:
        return WayButton(choice.way.value, word, (), choice.why_not)
    lines = ["Each is cut or joined in progress by its own rules."] * (choice.way is Way.RULES)
    lines += [
        f"{one.title} ({hours(one.start, one.start + one.length, zone, now)}) is skipped"
        + (f": {why}" if why else ".")
        for one, why in choice.left
    ]
    lines += [after_edit(effect, zone, now, dated=True) for effect in choice.effects]
    return WayButton(choice.way.value, word, shortened(lines) or (NOTHING_CHANGES,))


def _finish(moves: int) -> str:
    if not moves:
        return "Let the program before it finish"
    return f"Let it finish and move {words.a_count(moves, 'airing')}"


def _when(at: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """Write when, as pages do: `today 21:00`; `a free time` for None."""
    if at is None:
        return "a free time"
    return words.when(at, zone, now)


def clock_span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Write the times of day from `start` to `end`: `19:00–20:00`."""
    return f"{words.clock(start, zone)}–{words.clock(end, zone)}"


def chosen_way(choices: Sequence[WayOut], way: str | None) -> WayOut | None:
    """Return the way out that was chosen, if it can be taken."""
    return next((one for one in choices if one.way.value == way and one.possible), None)
