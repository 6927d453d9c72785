"""The health line of the On air page: each thing that must work, with its state."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from config.sizes import bytes_words
from playout.alerts.of_status import CLOCK_STEP_TOLERATED, DISK_LOW_BYTES
from playout.model.caption_status import CaptionKind
from playout.model.plan import ContentKind, Item
from playout.model.wire import Status
from scheduler.domain.air.build_plan import LOCAL_DAYS_AHEAD
from scheduler.domain.air.readiness import AiringView, must_be_open
from scheduler.queries.onair import OnAir
from web.kit import words
from web.kit.loudness_words import loudness_words

SOURCE_DUE_WITHIN = timedelta(hours=1)

Reading = tuple[str, str]
"""A state, `ready` or `amber`, and its words."""


def health(on: OnAir, planned: Sequence[AiringView], now: datetime) -> tuple[Reading, ...]:
    """Return the readings: host, outputs, disk, clock, schedule, sources, and up to three problems.

    A silent host gives no readings, because nobody knows what they would be now.
    """
    status = on.status
    if status is None or on.heard_at is None:
        return (("amber", "No broadcast machine"), _plan(on))
    if on.state != "on air":
        return (("amber", f"Broadcast machine {status.host} silent"), _plan(on))
    outputs = status.outputs
    step = abs(status.clock_step)
    lines = [
        ("ready", "Broadcast machine online"),
        *_standby(on),
        ("ready" if outputs else "amber", _outputs(outputs)),
        (
            "ready" if status.disk_free > DISK_LOW_BYTES else "amber",
            f"{bytes_words(status.disk_free)} free",
        ),
        (
            "ready" if step < CLOCK_STEP_TOLERATED else "amber",
            "Clock OK" if step < CLOCK_STEP_TOLERATED else _off(step),
        ),
        _plan(on),
        *_media(status, on),
        *_loudness(status, on),
        *_sources(on, status, planned, now),
    ]
    lines += _captions(status)
    lines += _leaving(status)
    lines += [("amber", problem) for problem in status.problems[:3]]
    return tuple(lines)


def _standby(on: OnAir) -> Iterator[Reading]:
    """Yield how the channel's two machines stand; nothing where it has one."""
    if on.standby is not None:
        is_ready, said = on.standby
        yield "ready" if is_ready else "amber", said


def _media(status: Status, on: OnAir) -> Iterator[Reading]:
    """Yield whether the machine could air all it should without its server, or what it lacks."""
    if status.missing:
        yield "amber", f"{words.a_count(len(status.missing), 'file')} still to download"
    elif on.published and on.up_to_date:
        yield "ready", f"Files for {LOCAL_DAYS_AHEAD} days on the machine"


def _captions(status: Status) -> Iterator[Reading]:
    """Yield whether what is on air has captions, and whether they leave with the stream.

    Nothing is said of a live that sends none, and of board and slate.
    """
    of = status.captions
    if of is None or status.layer != "deck":
        return
    if of.missing:
        yield "amber", "Captions not aired"
    elif of.aired and of.left == 0:
        yield "amber", "Captions on air, none in the stream"
    elif of.aired:
        yield "ready", "Captions on air"
    elif of.kind is CaptionKind.FILE:
        yield "ready", "Captions in a pause"
    elif of.kind is CaptionKind.NONE:
        yield "ready", "No captions in this file"


def _leaving(status: Status) -> Iterator[Reading]:
    """Yield what is known of the stream that leaves. Its faults are among the problems."""
    for place in status.leaving:
        if place.reason:
            yield "amber", f"{_capital(place.where)} cannot be watched: {place.reason}"
    watched = [place for place in status.leaving if not place.reason]
    if not watched or any(place.faults for place in watched):
        return
    compared = next((place for place in watched if place.compared), None)
    where = " and ".join(place.where for place in watched)
    if compared is None:
        yield "ready", f"Stream leaves, seen on {where}"
        return
    delay = f", {compared.delay:.1f} s later" if compared.delay is not None else ""
    yield "ready", f"Stream leaves as placed{delay}, seen on {where}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outputs(count: int) -> str:
    if count > 1:
        return f"{count} outputs OK"
    return "Output OK" if count else "No output"


def _off(step: float) -> str:
    return f"Clock jumped {step:.1f} s"


def _plan(on: OnAir) -> Reading:
    if not on.published:
        return "amber", "No schedule published yet"
    if on.up_to_date:
        return "ready", "Schedule up to date"
    return "amber", "Newest schedule not received yet"


def _loudness(status: Status, on: OnAir) -> Iterator[Reading]:
    """Yield the loudness of today, once something was heard, and what is wrong with it."""
    if not status.loudness or status.loudness[-1].lkfs is None:
        return
    today = status.loudness[-1]
    said = f"Loudness today {loudness_words(today, on.channel.tz)}"
    yield "amber" if today.problem else "ready", said
    if today.problem:
        yield "amber", today.problem


def _sources(
    on: OnAir, status: Status, planned: Sequence[AiringView], now: datetime
) -> Iterator[Reading]:
    """Yield the sources that the host has open, and those due within the hour."""
    opened = {one.source: one for one in status.sources}
    due: dict[str, datetime] = {}
    for view in planned:
        live = view.airing.kind is ContentKind.LIVE and not view.airing.cancelled
        if live and now < view.airing.start <= now + SOURCE_DUE_WITHIN:
            due.setdefault(view.airing.draft.source or "", view.airing.start)
    for source, report in opened.items():
        word = (report.reason or "signal good") if report.has_signal else "no signal"
        state = "ready" if report.has_signal and not report.reason else "amber"
        yield state, f"{on.sources.get(source, 'a source')}: {word}"
    for source, start in due.items():
        if source not in on.sources:
            yield "amber", f"The source at {words.clock(start, on.channel.tz)} is not set up"
        elif source not in opened:
            yield _to_open(on.sources[source], start, on, now)


def _to_open(name: str, start: datetime, on: OnAir, now: datetime) -> Reading:
    if must_be_open(start, now):
        return "amber", f"{name}: not open"
    return "ready", f"{name}: opens {words.clock(start - Item.pre_roll, on.channel.tz)}"
