"""Series: a weekly rule in words, its coming dates, and days it leaves out."""

from datetime import date

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import series as action
from scheduler.domain.names import SeriesId
from scheduler.domain.people import Right
from scheduler.domain.recurrence import Series, Skip, in_words
from scheduler.domain.recurrence import preview as coming
from scheduler.queries import changes, grid, programs
from scheduler.refusals import Refused
from web.airing_form import series_choices
from web.context import actor, database, done, now
from web.forms import SeriesForm
from web.words import field_length

bp = Blueprint("series", __name__, url_prefix="/series")


@bp.get("/new")
def new() -> str:
    """An empty rule, starting today."""
    known = grid.channels(database())
    if not known:
        raise Refused(message="Add a channel first, under Settings.")
    channel = next((c for c in known if c.id == request.args.get("channel")), known[0])
    form = SeriesForm(formdata=None, channel=channel.id, first=now().astimezone(channel.tz).date())
    return _drawer(series_choices(database(), now(), form), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Start it; its airings of the coming weeks stand at once."""
    form, wrong = series_choices(database(), now(), SeriesForm()), ""
    if form.read():
        try:
            made = action.add(database(), actor(), now(), form.draft(_zone(form)))
            return _said(f"Started {made.draft.title}, {in_words(made.draft.rule)}.", made)
        except Refused as refused:
            wrong = form.blame(refused)
    return _drawer(form, None, wrong), 422


@bp.get("/<series>")
def show(series: str) -> str:
    """The series as it stands."""
    found = programs.series_card(database(), SeriesId(series), now()).series
    return _drawer(_filled(found), found)


@bp.post("/<series>")
def save(series: str) -> Response | tuple[str, int]:
    """Change the rule; coming airings follow, but for those changed by hand."""
    found = programs.series_card(database(), SeriesId(series), now()).series
    form, wrong = series_choices(database(), now(), SeriesForm()), ""
    if form.read():
        try:
            version = int(form.version.data or 0)
            wanted = form.draft(_zone(form), found.draft)
            made = action.edit(database(), actor(), now(), found.id, wanted, version)
            return _said(f"Changed {made.draft.title}: {in_words(made.draft.rule)}.", made)
        except Refused as refused:
            wrong = form.blame(refused)
    return _drawer(form, found, wrong), 422


@bp.get("/preview")
def preview() -> str:
    """The rule in words and its next dates, while it is being typed."""
    form = series_choices(database(), now(), SeriesForm(request.args, meta={"csrf": False}))
    if not (form.weekdays.data and form.at.data and form.first.data and form.channel.data):
        return render_template("parts/dates.html", dates=(), rule_words="")
    rule = form.draft(_zone(form)).rule
    return render_template("parts/dates.html", dates=coming(rule, now()), rule_words=in_words(rule))


@bp.post("/<series>/skip")
def skip(series: str) -> Response:
    """Leave one day out."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError as error:
        raise Refused(message="Choose the day to leave out.") from error
    version = request.form.get("version", 0, int)
    made = action.except_day(database(), actor(), now(), SeriesId(series), Skip(day), version)
    return _said(f"{made.draft.title} leaves out {day:%a %-d %b}.", made)


@bp.post("/<series>/end")
def end(series: str) -> Response:
    """No more airings from now on."""
    version = request.form.get("version", 0, int)
    made = action.end(database(), actor(), now(), SeriesId(series), version)
    return _said(f"Ended {made.draft.title}.", made)


def _zone(form: SeriesForm) -> str:
    return grid.channel(database(), ChannelId(form.channel.data)).zone


def _said(text: str, series: Series) -> Response:
    change = changes.latest(database(), "series", series.id)
    return done(text, url_for("programs.home"), change.id if change else None)


def _filled(series: Series) -> SeriesForm:
    draft, rule = series.draft, series.draft.rule
    form = SeriesForm(
        formdata=None,
        channel=series.channel,
        title=draft.title,
        program=draft.airing.program or "",
        weekdays=[str(day) for day in sorted(rule.weekdays)],
        at=rule.at,
        length=field_length(draft.airing.length),
        asset=draft.airing.asset or "",
        every=str(rule.every),
        first=rule.first,
        last=rule.last,
        replay=draft.airing.replay,
        start_rule=draft.airing.start_rule.value,
        version=str(series.version),
    )
    return series_choices(database(), now(), form)


def _drawer(form: SeriesForm, series: Series | None, wrong: str = "") -> str:
    action_url = url_for("series.save", series=series.id) if series else url_for("series.add")
    rule = series.draft.rule if series else None
    return render_template(
        "parts/series.html",
        form=form,
        series=series,
        wrong=wrong,
        action=action_url,
        in_words=in_words,
        dates=coming(rule, now()) if rule and series and not series.ended else (),
        rule_words=in_words(rule) if rule else "",
        may_plan=actor().may(Right.PLAN),
    )
