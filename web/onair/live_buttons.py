"""The buttons under a live meeting, each with what it would do to the evening's schedule."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.names import ItemId
from playout.model.commands import Command, Verb
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue
from playout.timing.compare import Effect
from playout.timing.replays import replay_start
from scheduler.queries.button_effects import ButtonEffect, ButtonEffects
from scheduler.queries.onair import OnAir
from web.kit import words
from web.kit.effects import after_press
from web.onair.buttons import UNKNOWN, Button, effects_text
from web.onair.promises import consequence, promised, shortly

ASKED_BY = "someone on the staff"


def foreseen_commands(on: OnAir, now: datetime) -> dict[str, Command]:
    """Return every command whose effect the desk shows now, by the key of its button."""
    if on.state != "on air":
        return {}
    here, following = on.cue.item, on.next[0].item if on.next else None
    commands = {
        "slate": _command(Verb.SLATE, now),
        "rejoin": _command(Verb.REJOIN, now),
        "resume": _command(Verb.RESUME, now, here if is_live(on.cue) else None),
    }
    if following is not None:
        commands["take"] = _command(Verb.TAKE, now, following)
    if not is_live(on.cue):
        return commands if here is None else {**commands, "skip": _command(Verb.SKIP, now, here)}
    return commands | {
        "go": _command(Verb.GO, now),
        "hold": _command(Verb.HOLD, now, here),
        "extend-15": _command(Verb.EXTEND, now, here, 15),
        "extend-30": _command(Verb.EXTEND, now, here, 30),
        "adjourn": _command(Verb.ADJOURN, now, here),
        "recess": _command(Verb.RECESS, now, here),
        "mark": _command(Verb.MARK, now, here),
        "unmark": _command(Verb.UNMARK, now, here),
    }


def _command(
    verb: Verb, now: datetime, item: ItemId | None = None, minutes: int | None = None
) -> Command:
    return Command(
        id=f"asked-{verb.value}-{minutes or 0}",
        number=0,
        verb=verb,
        issued_at=now,
        expires_at=now + timedelta(minutes=1),
        actor=ASKED_BY,
        item=item,
        minutes=minutes,
    )


def is_live(cue: Cue) -> bool:
    """Tell whether the cue is a planned live: an item with a source."""
    return cue.kind is ContentKind.LIVE and cue.item is not None


def live_buttons(on: OnAir, evening: ButtonEffects) -> tuple[Button, ...]:
    """Return the buttons of a live; those that would be refused are disabled and say why."""
    by, limit = evening.by, evening.limits.get(on.cue.item or ItemId(""))
    title, item = on.cue.title, on.cue.item or ""
    following = on.next[0] if on.next else None
    in_recess = not by["resume"].refused
    buttons = [_go(title, item)] if not by["go"].refused and not in_recess else []
    buttons.append(_hold(on, item, limit))
    for minutes in (15, 30):
        name = f"extend-{minutes}"
        says = _brief(by[name], on, _longer(by[name], on, limit))
        act = _act(Verb.EXTEND, f"+{minutes} min", name, item, says, minutes=minutes)
        buttons.append(replace(act, consequence=effects_text(on, by[name])))
    buttons.append(_adjourn(on, by["adjourn"], item))
    if following is not None and "take" in by:
        buttons.append(_take_from(on, by["take"], following))
    if in_recess:
        buttons.append(_act(Verb.RESUME, "Resume", "resume", item, "back from recess now"))
    elif not by["recess"].refused:
        says = "shows the recess slate; the recess is cut from replays"
        buttons.append(_act(Verb.RECESS, "Recess", "recess", item, says))
    buttons += _marks(on, evening, item)
    return tuple(replace(act, then=by.get(act.key, UNKNOWN).then) for act in buttons)


def _adjourn(on: OnAir, effect: ButtonEffect, item: str) -> Button:
    """Return Adjourn: what viewers see next, what is kept, and whether one can go back."""
    zone, then = on.channel.tz, effect.then[0].item if effect.then else None
    words_of = [
        "It ends now.",
        promised(effect.then, zone),
        "The recording is kept." if effect.kept else "",
        "You can go back to it for an hour." if effect.back else "",
        consequence(
            [change for change in effect.changes if change.id != on.cue.item], zone, {then}
        ),
    ]
    brief = effect.refused or f"then {shortly(effect.then, zone)}"
    question = f"Adjourn {on.cue.title}?"
    says = " ".join(filter(None, words_of))
    return Button(
        Verb.ADJOURN, "Adjourn", brief, question, says, item, not effect.refused, "adjourn"
    )


def _take_from(on: OnAir, effect: ButtonEffect, following: Cue) -> Button:
    """Return Take next for a live that would give way to the next program."""
    question = f"Put {following.title} on air now, and end {on.cue.title}?"
    brief, item = effect.refused or _brief(effect, on, following.title), following.item or ""
    says = effects_text(on, effect)
    return Button(Verb.TAKE, "Take next", brief, question, says, item, not effect.refused, "take")


def back_to_meeting(on: OnAir, foreseen: Mapping[str, ButtonEffect]) -> tuple[Button, ...]:
    """Return the button back to a meeting adjourned within the last hour, where there is one."""
    effect = foreseen.get("resume")
    if effect is None or effect.refused:
        return ()
    title = next(
        (change.title for change in effect.changes if change.effect in _COMES), "the meeting"
    )
    says, word = effects_text(on, effect), "Back to the meeting"
    return (
        Button(Verb.RESUME, word, title, f"Back to {title}?", says, key="resume", then=effect.then),
    )


_COMES = (Effect.ADDED, Effect.LONGER)


def _act(
    verb: Verb, word: str, key: str, item: str, says: str, minutes: int | None = None
) -> Button:
    return Button(verb, word, says, "", "", item, key=key, minutes=minutes, confirm=False)


def _hold(on: OnAir, item: str, limit: datetime | None) -> Button:
    """Return Hold. It names a limit that lies ahead, because the limit ends even a held live."""
    already = on.cue.held or on.cue.rank is Rank.HELD
    says = "already on hold until adjourned" if already else "stays until it is adjourned"
    if limit is not None:
        until = f"until {_minute(limit, on.channel.tz)} at the latest"
        says = f"already on hold, {until}" if already else f"stays on {until}"
    return replace(_act(Verb.HOLD, "Hold", "hold", item, says), possible=not already)


def _longer(effect: ButtonEffect, on: OnAir, limit: datetime | None) -> str:
    """Say when the live would end with more time, and why no later; or why nothing would change."""
    new_times = next((change.after for change in effect.changes if change.id == on.cue.item), None)
    end = new_times.end if new_times else on.cue.end
    at = _minute(end, on.channel.tz)
    following = next((cue.title for cue in on.next[:1] if cue.start == end), "")
    if end == limit:
        return (
            f"ends at {at}, its latest end" if new_times else f"no change: {at} is its latest end"
        )
    if on.cue.held:
        return f"expected until {at}" if new_times else "no change: already on hold past that"
    if new_times:
        return f"ends at {at}, when {following} starts" if following else f"ends at {at}"
    return f"no change: {f'{following} starts' if following else 'it ends'} at {at}"


def _go(title: str, item: str) -> Button:
    return _act(Verb.GO, "Start the meeting", "go", item, f"from the slate to {title} now")


def _marks(on: OnAir, evening: ButtonEffects, item: str) -> Iterator[Button]:
    """Yield the buttons that set where replays begin, once a recorded meeting has begun."""
    known, tz = evening.known, on.channel.tz
    first = replay_start(ItemId(item), known)
    if first is not None and not evening.by["mark"].refused:
        instead = f"instead of {words.clock(first, tz, seconds=True)}"
        act = _act(Verb.MARK, "Start replays from here", "mark", item, instead)
        yield replace(act, here=True)
    if not evening.by["unmark"].refused:
        again = words.clock(known.begun[ItemId(item)], tz, seconds=True)
        says = f"replays begin at {again} again"
        yield _act(Verb.UNMARK, "Clear replay start", "unmark", item, says)


def _brief(effect: ButtonEffect, on: OnAir, otherwise: str) -> str:
    """Say the first thing that changes for another item, and how many more change."""
    others = [change for change in effect.changes if change.id != on.cue.item]
    if effect.refused or not others:
        return effect.refused or otherwise
    more = f", and {len(others) - 1} more" if len(others) > 1 else ""
    return f"{after_press(others[0], on.channel.tz)}{more}"


def _minute(at: datetime, zone: ZoneInfo) -> str:
    """Return the time to the minute, since a button promises no more."""
    return words.clock(at.replace(second=0, microsecond=0), zone)
