"""Series: the rule in words, the dates it means, and single days that differ."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from config.typed import TIME_HELP
from scheduler.actions import series as action
from scheduler.domain.model.ids import SeriesId
from scheduler.domain.model.people import Right
from scheduler.domain.series.affected_days import with_day, with_days
from scheduler.domain.series.recurrence import (
    AddedDay,
    DayException,
    MovedDay,
    Series,
    SeriesDraft,
    SkippedDay,
    in_words,
    problems,
)
from scheduler.queries import changes, grid, programs
from scheduler.queries import series as asked
from scheduler.queries.series import RuleMeaning
from scheduler.refusals import Refused
from web.clashes.several import AiringsToPlace, conflict_note, place_together
from web.kit import words
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.dates import day_or_refuse, time_or_refuse
from web.kit.day_pattern import policies
from web.series.forms import POLICY_WORDS, SeriesForm, filled_form
from web.series.offers import series_choices

FIELDS_WITHOUT_DAYS = frozenset({"title", "length"})
"""Fields on which the dates do not depend."""
AIRING_TIME_HELP = f"Enter the time it airs that day. {TIME_HELP}"
bp = Blueprint("series", __name__, url_prefix="/series")


@bp.get("/new")
def new() -> str:
    """Show an empty rule that starts today."""
    known = grid.channels(database())
    if not known:
        raise Refused(message="Add a channel first, under Settings.")
    channel = next((c for c in known if c.id == request.args.get("channel")), known[0])
    form = SeriesForm(formdata=None, channel=channel.id, first=now().astimezone(channel.tz).date())
    return _drawer(series_choices(database(), now(), form), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Start a series; its airings of the coming weeks are on the schedule at once."""
    form, wrong = series_choices(database(), now(), SeriesForm()), ""
    if form.read():
        try:
            return _save_asking(
                _typed(form),
                lambda draft, plan: action.add(database(), actor(), now(), draft, plan),
                lambda made: f"Started {made.draft.title}, {in_words(made.draft.rule)}",
            )
        except Refused as refused:
            wrong = form.blame(refused)
    return _drawer(form, None, wrong), 422


@bp.get("/<series>")
def show(series: str) -> str:
    """Show one series."""
    stored = programs.series_card(database(), SeriesId(series), now()).series
    form = series_choices(database(), now(), filled_form(stored.draft, stored.version))
    return _drawer(form, stored)


@bp.post("/<series>")
def save(series: str) -> Response | tuple[str, int]:
    """Change the rule, from a day on if one is named; airings changed by hand stay."""
    stored = programs.series_card(database(), SeriesId(series), now()).series
    form, wrong = series_choices(database(), now(), SeriesForm()), ""
    if form.read():
        try:
            return _save_asking(
                _typed(form, stored.draft),
                lambda draft, plan: _save_series(stored, form, draft, plan),
                lambda made: f"Changed {made.draft.title}: {in_words(made.draft.rule)}",
                stored.id,
                form.split.data,
            )
        except Refused as refused:
            wrong = form.blame(refused)
    return _drawer(form, stored, wrong), 422


def _save_series(stored: Series, form: SeriesForm, typed: SeriesDraft, plan: int) -> Series:
    db, version = database(), form.seen()
    if form.split.data:
        return action.split(db, actor(), now(), stored.id, form.split.data, typed, version, plan)
    return action.edit(db, actor(), now(), stored.id, typed, version, plan)


def _save_asking(
    typed: SeriesDraft,
    act: Callable[[SeriesDraft, int], Series],
    sentence: Callable[[Series], str],
    series: SeriesId | None = None,
    split: date | None = None,
) -> Response | tuple[str, int]:
    """Save the series with `act`; days that overlap other airings become exceptions, as staff
    choose.
    """

    def read() -> AiringsToPlace[date]:
        channel = grid.channel(database(), typed.airing.channel)
        placed = asked.planned_airings(database(), typed, now(), series, split)
        return AiringsToPlace(channel, typed.title, in_words(typed.rule), placed)

    def do(many: AiringsToPlace[date], changed: Mapping[date, datetime | None]) -> Response:
        zone = ZoneInfo(typed.rule.zone)
        local = {
            day: start and start.astimezone(zone).replace(tzinfo=None)
            for day, start in changed.items()
        }
        rule = with_days(typed.rule, local)
        made = act(replace(typed, rule=rule), many.channel.plan_version)
        return _done(f"{sentence(made)}{conflict_note(changed)}.", made)

    if problems(typed):
        act(typed, grid.channel(database(), typed.airing.channel).plan_version)
    return place_together(read, do)


@bp.get("/preview")
def preview() -> str:
    """Show the rule in words and the dates it means, while it is being typed."""
    form = series_choices(database(), now(), SeriesForm(request.args, meta={"csrf": False}))
    form.validate()
    if form.errors.keys() - FIELDS_WITHOUT_DAYS:
        return render_template("series/dates.html", meaning=None)
    series = SeriesId(request.args["series"]) if request.args.get("series") else None
    before = programs.series_card(database(), series, now()).series.draft if series else None
    try:
        draft = _typed(form, before)
    except Refused:  # a row that is half typed, about which saving will tell
        return render_template("series/dates.html", meaning=None)
    if problems(draft).keys() - FIELDS_WITHOUT_DAYS:
        return render_template("series/dates.html", meaning=None)
    meaning = asked.meaning(database(), draft, now(), series, form.split.data)
    return render_template("series/dates.html", meaning=meaning, tz=_tz(form.channel.data))


@bp.post("/<series>/except")
def differ(series: str) -> Response | tuple[str, int]:
    """Skip, move or add one day, or restore the rule on it."""
    db, version = database(), number(request.form, "version")
    stored = programs.series_card(db, SeriesId(series), now()).series
    what, day = request.form.get("what", "skip"), day_or_refuse(request.form.get("day"))
    exception = None if what == "restore" else _difference(what, day)
    wanted = replace(stored.draft, rule=with_day(stored.draft.rule, day, exception))

    def act(draft: SeriesDraft, plan: int) -> Series:
        if draft != wanted:
            return action.edit(db, actor(), now(), stored.id, draft, version, plan)
        if exception is None:
            return action.restore_day(db, actor(), now(), stored.id, day, version, plan)
        return action.except_day(db, actor(), now(), stored.id, exception, version, plan)

    on = words.day(day)
    word = {"skip": f"skips {on}", "move": f"moves {on}", "add": f"adds {on}"}.get(
        what, f"airs {on} by its rule again"
    )
    return _save_asking(wanted, act, lambda made: f"{made.draft.title} {word}", stored.id)


@bp.post("/<series>/end")
def end(series: str) -> Response:
    """End the series: cancel its airings from now on."""
    version = number(request.form, "version")
    ended = action.end(database(), actor(), now(), SeriesId(series), version)
    return _done(f"Ended {ended.draft.title}.", ended)


def _difference(what: str, day: date) -> DayException:
    if what == "move":
        return MovedDay(
            day,
            datetime.combine(
                day_or_refuse(request.form.get("to")),
                time_or_refuse(request.form.get("at"), AIRING_TIME_HELP),
            ),
        )
    if what == "add":
        return AddedDay(day, time_or_refuse(request.form.get("at"), AIRING_TIME_HELP))
    if what != "skip":
        raise Refused(message="Choose what happens on that day.")
    return SkippedDay(day)


def _typed(form: SeriesForm, before: SeriesDraft | None = None) -> SeriesDraft:
    zone = grid.channel(database(), ChannelId(form.channel.data)).zone
    return form.draft(zone, request.values, before)


def _tz(channel: str) -> object:
    return grid.channel(database(), ChannelId(channel)).tz


def _done(text: str, series: Series) -> Response:
    change = changes.latest(database(), "series", series.id)
    return done(text, url_for("programs.home"), change.id if change else None)


def _drawer(form: SeriesForm, series: Series | None, wrong: str = "") -> str:
    db = database()
    rule = series.draft.rule if series else None
    meaning: RuleMeaning | None = None
    if series and not series.ended:
        meaning = asked.meaning(db, series.draft, now())
    return render_template(
        "series/series.html",
        form=form,
        series=series,
        wrong=wrong,
        action=url_for("series.save", series=series.id) if series else url_for("series.add"),
        in_words=in_words,
        meaning=meaning,
        differences=rule.exceptions if rule else (),
        policies=policies(db, now(), rule.holidays if rule else ()),
        policy_words=POLICY_WORDS,
        tz=_tz(form.channel.data) if form.channel.data else None,
        may_plan=actor().may(Right.PLAN, series.draft.airing.channel if series else None),
    )
