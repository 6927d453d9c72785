"""Pages of what a channel shows over its pictures: bug, clock, coming up next, countdown."""

from flask import Blueprint, Response, make_response, render_template, request, url_for

from config.names import ChannelId
from media.ingest import IngestError
from media.layers import LARGEST_UPLOAD
from scheduler.actions import graphics as action
from scheduler.actions import logos as logo_action
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import PictureId
from scheduler.queries import changes, grid
from scheduler.queries import graphics as query
from scheduler.queries import logos as logo_query
from web.kit.context import actor, database, done, now, services
from web.kit.saving import save_form
from web.settings.graphics_form import GraphicsForm, filled_form
from web.settings.graphics_preview import GraphicsPicture, examples
from web.settings.logos import consequence, taken

bp = Blueprint("graphics", __name__, url_prefix="/settings")


@bp.get("/graphics/<channel>")
def show(channel: str) -> str:
    """Show the graphics of the channel as saved."""
    known = grid.channel(database(), ChannelId(channel))
    return _page(_filled(known.id), known)


@bp.post("/graphics/<channel>")
def save(channel: str) -> Response | tuple[str, int]:
    """Save what was typed; the next plan carries it."""
    known, form = grid.channel(database(), ChannelId(channel)), GraphicsForm()
    form.offer(query.pictures(database()))

    def act() -> Response:
        draft, seen = form.draft(), form.seen()
        action.set_graphics(database(), actor(), now(), known.id, draft, seen)
        change = changes.latest(database(), action.ENTITY, known.id)
        text = f"Changed the graphics of {known.name}."
        to = url_for("graphics.show", channel=known.id)
        return done(text, to, change.id if change else None)

    return save_form(form, act, lambda wrong: _page(form, known, wrong), _filled(known.id))


@bp.post("/graphics/<channel>/preview")
def preview(channel: str) -> str:
    """Draw the graphics as typed so far; save nothing."""
    known, form = grid.channel(database(), ChannelId(channel)), GraphicsForm()
    form.offer(query.pictures(database()))
    form.read()
    return render_template("settings/graphics_preview.html", pictures=_examples(form, known))


@bp.post("/logos")
def add_logo() -> Response:
    """Take an uploaded picture, sent as the bytes themselves; answer with its id and title."""
    try:
        picture = taken(request.get_data(), request.args.get("name", ""))
    except IngestError as error:
        return make_response(str(error), 422, {"Content-Type": "text/plain; charset=utf-8"})
    return make_response({"id": picture.id, "title": picture.title}, 201)


@bp.get("/logos")
def logos() -> str:
    """Show the uploaded logos and what uses each."""
    known = logo_query.logos(database())
    return render_template("settings/logos.html", logos=known, consequence=consequence)


@bp.post("/logos/<picture>/remove")
def remove_logo(picture: str) -> Response:
    """Remove a logo, and put the chosen one in its place wherever it is used."""
    logo, instead = PictureId(picture), PictureId(request.form.get("instead", ""))
    said = logo_action.remove_logo(database(), actor(), now(), logo, instead or None)
    change = changes.latest(database(), logo_action.ENTITY, logo)
    return done(f"{said}.", url_for("graphics.logos"), change.id if change else None)


@bp.get("/logos/<picture>.png")
def logo(picture: str) -> Response:
    """Answer with an uploaded picture as it is stored."""
    media, store = query.picture(database(), PictureId(picture)).media, services().store
    answer = make_response(store.path(media.key, media.suffix).read_bytes())
    answer.mimetype = "image/png"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _filled(channel: ChannelId) -> GraphicsForm:
    stored = query.channel_graphics(database(), channel)
    return filled_form(stored.draft, stored.version, query.pictures(database()))


def _examples(form: GraphicsForm, channel: Channel) -> tuple[GraphicsPicture, ...]:
    draft = form.shown()
    pictures = {one.id: one for one in query.pictures(database())}
    return examples(draft, pictures.get(draft.logo) if draft.logo else None, channel, now())


def _page(form: GraphicsForm, channel: Channel, wrong: str = "") -> str:
    return render_template(
        "settings/graphics.html",
        form=form,
        channel=channel,
        wrong=wrong,
        channels=grid.channels(database()),
        largest=LARGEST_UPLOAD,
        pictures=_examples(form, channel),
    )
