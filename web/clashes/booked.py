"""The sheet that asks before a room, a source or a channel's air is booked twice, with the ways
out.

A pair of meetings that need the same thing at the same time is a *double*. The sheet lists the
doubles and names each in a hidden field `taken`; the action later accepts exactly those and refuses
any that came up since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from config.names import AiringId, ChannelId
from scheduler.changing.bookings import DoubleBooked
from scheduler.domain.clashes.double_bookings import DoubleBooking, Need
from scheduler.domain.meetings.meeting import MeetingDraft
from scheduler.domain.meetings.meeting_series import MeetingSeriesDraft
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import ChangeId, MeetingId, MeetingSeriesId
from scheduler.domain.series.recurrence import in_words
from scheduler.queries import bookings, grid, sources
from scheduler.queries import meeting_series as series_query
from scheduler.queries.meeting_series import PlanMeaning
from web.clashes.words import MOST_LINES, WayButton, clock_span, shortened
from web.kit import words
from web.kit.context import database, now

KEEP_ALL, SKIP_DOUBLED, MOVE_TO = "keep", "leave", "channel:"
"""Values of `way`: keep all, skip what would be booked twice, move to the channel that follows."""
COPIES_FIELD = "doubled"
"""The field with the answer about double bookings of copies; `way` answers the sheet about overlaps
that may follow it."""
SHEET_FIELDS = frozenset({"csrf_token", "way", "taken", COPIES_FIELD})
"""Fields of the sheet itself; it sends all others on as they were typed."""
MOST_NAMED = 3
"""Most doubles that one message names: it travels in a cookie."""


def accepted_doubles() -> frozenset[str]:
    """Return the tokens of the doubles the sheet showed; none unless a way out was chosen on it."""
    return frozenset(request.form.getlist("taken") if request.form.get("way") else ())


def on_chosen_channel(draft: MeetingDraft) -> MeetingDraft:
    """Return the meeting on the channel chosen on the sheet; unchanged where none was chosen."""
    way = request.form.get("way", "")
    if not way.startswith(MOVE_TO):
        return draft
    return replace(draft, channel=ChannelId(way.removeprefix(MOVE_TO)))


def meeting_sheet(
    booked: DoubleBooked,
    draft: MeetingDraft,
    meeting: MeetingId | None,
    follows: Callable[[MeetingDraft], Sequence[str]],
) -> str:
    """Render the sheet for one meeting; `follows` lists in sentences what keeping a draft would
    move.
    """
    zone = grid.channel(database(), draft.channel).tz
    shown = list(booked.doubles)
    buttons = [WayButton(KEEP_ALL, _keep_label(booked.doubles), tuple(follows(draft))[:MOST_LINES])]
    for channel in _others(booked.doubles, draft.channel):
        there = replace(draft, channel=channel.id)
        left = bookings.doubles(database(), there, now(), meeting)
        shown += left
        lines = tuple(sentence(one, zone, now()) for one in left) or tuple(follows(there))
        buttons.insert(
            -1,
            WayButton(f"{MOVE_TO}{channel.id}", f"Move it to {channel.name}", lines[:MOST_LINES]),
        )
    return _sheet(
        title=draft.title,
        asked=words.when(draft.start, zone, now()),
        clash=[sentence(one, zone, now()) for one in booked.doubles],
        buttons=buttons,
        shown=shown,
    )


def airing_sheet(doubles: Sequence[DoubleBooking], airing: AiringDraft) -> str:
    """Render the sheet for a live airing whose source or room another meeting needs then."""
    zone = grid.channel(database(), airing.channel).tz
    return _sheet(
        title=airing.title,
        asked=words.when(airing.start, zone, now()),
        clash=[sentence(one, zone, now()) for one in doubles],
        buttons=[WayButton(KEEP_ALL, _keep_label(doubles), (_kept_sentence(doubles),))],
        shown=doubles,
    )


def copy_sheet(
    title: str,
    zone: ZoneInfo,
    doubles_by_airing: Mapping[AiringId, Sequence[DoubleBooking]],
    count: int,
) -> str:
    """Render the sheet for `count` copies, some of which would book a source or room twice."""
    doubles = [double for found in doubles_by_airing.values() for double in found]
    those = "the one" if len(doubles_by_airing) == 1 else f"the {len(doubles_by_airing)}"
    rest = words.a_count(count - len(doubles_by_airing), "airing")
    return _sheet(
        title=title,
        asked=f"{len(doubles_by_airing)} of {words.a_count(count, 'airing')}",
        clash=shortened([sentence(one, zone, now()) for one in doubles]),
        buttons=[
            WayButton(
                SKIP_DOUBLED, f"Skip {those} that would be booked twice", (f"{rest} copied.",)
            ),
            WayButton(KEEP_ALL, "Copy all as they are", (_kept_sentence(doubles),)),
        ],
        shown=doubles,
        named=COPIES_FIELD,
    )


def doubles_to_settle(change: ChangeId | None) -> list[tuple[str, str]]:
    """Return the doubles a change made without asking, each as a sentence and the page to settle it
    on.

    Undo, a changed calendar or a shifted evening can book something twice; their answers list this.
    """
    if change is None:
        return []
    accepted, at = set(request.form.getlist("taken")), now()
    doubles = bookings.doubles_made_by(database(), change, at)
    lines = []
    for one in [one for one in doubles if one.double.token not in accepted][:MOST_NAMED]:
        mine = one.double.mine
        channel = one.double.mine.channel or one.double.other.channel
        zone = _zone(channel)
        day = mine.start.astimezone(zone).date()
        to = url_for("meetings.show", meeting=mine.id)
        if not one.is_meeting:
            to = url_for("schedule.week", channel=channel, week=f"{day:%G-W%V}", day=day)
        lines.append((sentence(one.double, zone, at), to))
    if len(doubles) > MOST_NAMED:
        rest = f"And {words.a_count(len(doubles) - MOST_NAMED, 'more pair')}."
        lines.append((rest, url_for("meetings.home")))
    return lines


def _zone(channel: ChannelId | None) -> ZoneInfo:
    """Return the channel's zone; for a meeting that is not televised, the first channel's."""
    if channel is not None:
        return grid.channel(database(), channel).tz
    return next((one.tz for one in grid.channels(database())), ZoneInfo("UTC"))


def plan_sheet(
    plan: MeetingSeriesDraft,
    meaning: PlanMeaning,
    series: MeetingSeriesId | None,
    split: date | None,
    wrong: str = "",
) -> str:
    """Render the sheet for the meetings of a plan that collide with others."""
    channel = plan.usual.channel
    zone = grid.channel(database(), channel).tz
    doubles = [double for one in meaning.colliding for double in one.doubles]
    shown, count = list(doubles), len(meaning.colliding)
    those = "the one that conflicts" if count == 1 else f"the {count} that conflict"
    buttons = []
    for other in _others(doubles, channel):
        days = dict.fromkeys((one.day for one in meaning.colliding), other.id)
        there = series_query.planned(database(), plan, now(), series, split, days)
        left = [double for one in there.colliding for double in one.doubles]
        shown += left
        word = f"Move {those} to {other.name}"
        buttons.append(
            WayButton(f"{MOVE_TO}{other.id}", word, (_still_doubled(left, len(there.colliding)),))
        )
    rest = words.a_count(len(meaning.meetings) - count, "meeting")
    buttons.append(WayButton(SKIP_DOUBLED, f"Skip {those}", (f"{rest} of the plan remain.",)))
    buttons.append(WayButton(KEEP_ALL, _keep_label(doubles), (_kept_sentence(doubles),)))
    return _sheet(
        title=plan.title,
        asked=in_words(plan.rule),
        clash=shortened([sentence(one, zone, now()) for one in doubles]),
        buttons=buttons,
        shown=shown,
        wrong=wrong,
    )


def sentence(double: DoubleBooking, zone: ZoneInfo, at: datetime) -> str:
    """Name the two meetings, their times, and what both of them need."""
    mine, other = double.mine, double.other
    day = words.day(mine.start.astimezone(zone).date(), at.astimezone(zone).date())
    return (
        f"{day}: {mine.title} ({clock_span(mine.start, mine.end, zone)}) and {other.title} "
        f"({clock_span(other.start, other.end, zone)}) both need {_needed_words(double)}."
    )


def other_meeting(double: DoubleBooking, zone: ZoneInfo) -> str:
    """Name the second meeting of the two, its time, and what it needs as well."""
    other = double.other
    times = clock_span(other.start, other.end, zone)
    return f"{other.title} ({times}) needs {_needed_words(double)} too"


def _needed_words(double: DoubleBooking) -> str:
    names = sources.names(database())
    channels: dict[str, str] = {one.id: one.name for one in grid.channels(database())}
    mine = double.mine
    words_of = {
        Need.AIR: f"the air of {channels.get(mine.channel or '', 'the channel')}",
        Need.SOURCE: f"the source {names.get(mine.source or '', '')}".rstrip(),
        Need.ROOM: f"the room {mine.room}",
    }
    needed = [words_of[need] for need in Need if need in double.needs]
    return " and ".join(filter(None, [", ".join(needed[:-1]), needed[-1]]))


def _keep_label(doubles: Sequence[DoubleBooking]) -> str:
    return "Keep both as they are" if len(doubles) == 1 else "Keep all as they are"


def _still_doubled(left: Sequence[DoubleBooking], days: int) -> str:
    """Say what stays booked twice after a move to another channel, and on how many days."""
    if not left:
        return "Then nothing is booked twice."
    words_of = {Need.AIR: "the air there", Need.SOURCE: "the source", Need.ROOM: "the room"}
    needs = {need for one in left for need in one.needs}
    needed = " and ".join(word for need, word in words_of.items() if need in needs)
    return f"Still booked twice on {words.a_count(days, 'day')}: {needed}."


def _kept_sentence(doubles: Sequence[DoubleBooking]) -> str:
    if any(Need.AIR in one.needs for one in doubles):
        return "The one on air stays until adjourned; then the other joins, recorded in full."
    return "Each airs as planned."


def _others(doubles: Sequence[DoubleBooking], channel: ChannelId) -> list[Channel]:
    """Return the channels to offer instead; none unless the air of `channel` is what both need."""
    if not any(Need.AIR in one.needs for one in doubles):
        return []
    return [one for one in grid.channels(database()) if one.id != channel]


def _sheet(
    title: str,
    asked: str,
    clash: Sequence[str],
    buttons: Sequence[WayButton],
    shown: Sequence[DoubleBooking],
    wrong: str = "",
    named: str = "way",
) -> str:
    return render_template(
        "clashes/booked.html",
        named=named,
        title=title,
        asked=asked,
        clash=clash,
        buttons=buttons,
        taken=list(dict.fromkeys(one.token for one in shown)),
        typed=[pair for pair in request.form.items(multi=True) if pair[0] not in SHEET_FIELDS],
        action=request.full_path.rstrip("?"),
        wrong=wrong,
    )
