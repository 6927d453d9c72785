"""The bulletin board: slides as viewers see them, in their order."""

from datetime import timedelta
from io import BytesIO

from flask import Blueprint, Response, make_response, render_template, request, url_for

from media.slides import bulletin
from scheduler.actions import slides as action
from scheduler.domain.channel import Channel
from scheduler.domain.names import SlideId
from scheduler.domain.slide import Slide
from scheduler.queries import changes, grid, slides
from web.board import as_card, filled_form, order_after, zone_of
from web.bounds import number
from web.context import actor, database, done, house, now
from web.forms import SlideForm
from web.keeping import keep

bp = Blueprint("bulletins", __name__, url_prefix="/bulletins")

WIDTH, HEIGHT = 640, 360
USUALLY = timedelta(days=14)
"""How long a request usually stays on the board."""


@bp.get("")
def home() -> str:
    """The board."""
    known = grid.channels(database())
    shown = [as_card(slide, known, now()) for slide in slides.slides(database())]
    return render_template("bulletins.html", slides=shown)


@bp.get("/new")
def new() -> str:
    """An empty slide, from today for two weeks; emptying the last day is a choice."""
    local = now().astimezone(zone_of(_channels())).date()
    last = local + USUALLY
    return _drawer(SlideForm(formdata=None, shown_from=local, shown_until=last, seconds=10.0), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Put it on the board."""
    form = _form()

    def act() -> Response:
        wanted = form.draft(zone_of(_channels()))
        return _said("Added", action.add(database(), actor(), now(), wanted))

    return keep(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.get("/<slide>")
def show(slide: str) -> str:
    """The slide as it stands."""
    found = slides.slide(database(), SlideId(slide))
    return _drawer(filled_form(found, zone_of(_channels())), found)


@bp.post("/<slide>")
def save(slide: str) -> Response | tuple[str, int]:
    """Keep what was typed."""
    found, form = slides.slide(database(), SlideId(slide)), _form()

    def act() -> Response:
        wanted, seen = form.draft(zone_of(_channels())), form.seen()
        return _said("Changed", action.edit(database(), actor(), now(), found.id, wanted, seen))

    stands = filled_form(found, zone_of(_channels()))
    return keep(form, act, lambda wrong: _drawer(form, found, wrong), stands)


@bp.post("/<slide>/remove")
def remove(slide: str) -> Response:
    """Take it off the board."""
    found = slides.slide(database(), SlideId(slide))
    version = number(request.form, "version")
    action.remove(database(), actor(), now(), found.id, version)
    return _said("Took off", found)


@bp.post("/<slide>/move")
def move(slide: str) -> Response:
    """One place earlier or later."""
    ids = [one.id for one in slides.slides(database())]
    wanted = order_after(ids, SlideId(slide), number(request.form, "by"))
    action.reorder(database(), actor(), now(), wanted)
    return _said("Moved", slides.slide(database(), SlideId(slide)))


@bp.get("/<slide>/picture.png")
def picture(slide: str) -> Response:
    """The slide as viewers see it, drawn by the code that draws it on air."""
    draft = slides.slide(database(), SlideId(slide)).draft
    known = {channel.id: channel for channel in _channels()}
    channel = known.get(draft.channel) if draft.channel else None
    named = (channel.station or channel.name) if channel else house().settings.station
    drawn, out = bulletin(draft.heading, draft.body, draft.style, WIDTH, HEIGHT, named), BytesIO()
    drawn.save(out, "PNG")
    answer = make_response(out.getvalue())
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _channels() -> tuple[Channel, ...]:
    return grid.channels(database())


def _form() -> SlideForm:
    form = SlideForm()
    form.choose("channel", [("", "every channel"), *((c.id, c.name) for c in _channels())])
    return form


def _said(verb: str, slide: Slide) -> Response:
    change = changes.latest(database(), "slide", slide.id)
    said = f"{verb} “{slide.draft.heading}”."
    return done(said, url_for("bulletins.home"), change.id if change else None)


def _drawer(form: SlideForm, slide: Slide | None, wrong: str = "") -> str:
    form.choose("channel", [("", "every channel"), *((c.id, c.name) for c in _channels())])
    where = url_for("bulletins.save", slide=slide.id) if slide else url_for("bulletins.add")
    return render_template("parts/slide.html", form=form, slide=slide, wrong=wrong, action=where)
