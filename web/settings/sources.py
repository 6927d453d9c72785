"""Pages of video sources, whose addresses and keys are never shown."""

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import sources as action
from scheduler.domain.model.ids import SourceId
from scheduler.domain.model.source import KnownSource
from scheduler.queries import changes, grid, sources
from scheduler.refusals import Refused
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.picture_cache import source_pictures
from web.kit.pictures import newest_picture
from web.kit.saving import save_form
from web.settings.source_form import SourceForm

bp = Blueprint("sources", __name__, url_prefix="/settings/sources")


@bp.get("/new")
def new() -> str:
    """Show an empty form."""
    return _drawer(SourceForm(formdata=None), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add the source."""
    form = SourceForm()

    def act() -> Response:
        return _said("Added", action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.get("/<source>")
def show(source: str) -> str:
    """Show the source as saved; the address field is empty."""
    known_source = sources.source(database(), SourceId(source))
    return _drawer(_filled(known_source), known_source)


@bp.post("/<source>")
def save(source: str) -> Response | tuple[str, int]:
    """Save what was typed; an empty address keeps the saved one."""
    before, form = sources.source(database(), SourceId(source)), SourceForm()

    def act() -> Response:
        draft, seen = form.draft(), form.seen()
        return _said("Changed", action.edit(database(), actor(), now(), before.id, draft, seen))

    return save_form(form, act, lambda wrong: _drawer(form, before, wrong), _filled(before))


@bp.post("/<source>/retire")
def retire(source: str) -> Response:
    """Take the source out of use."""
    version = number(request.form, "version")
    return _said("Retired", action.retire(database(), actor(), now(), SourceId(source), version))


@bp.get("/<source>/look")
def look(source: str) -> str:
    """Show a source's picture and meter before air; a broadcast machine opens it meanwhile."""
    channels = grid.channels(database())
    known_source = sources.source(database(), SourceId(source))
    wanted = request.args.get("channel", "")
    channel = next((one for one in channels if one.id == wanted), channels[0] if channels else None)
    if channel is None:
        raise Refused(message="Add a channel first: its broadcast machine opens the source.")
    return render_template(
        "settings/look.html", source=known_source, channel=channel, channels=channels
    )


@bp.get("/<source>/look/<channel>.jpg")
def picture(source: str, channel: str) -> Response:
    """Answer with the source's newest picture; each request keeps the source open."""
    known_source = sources.source(database(), SourceId(source)).id
    return newest_picture(
        f"{source_pictures(grid.channel(database(), ChannelId(channel)).id)}{known_source}"
    )


def _filled(found: KnownSource) -> SourceForm:
    fields = {name: value for name, value in vars(found.draft).items() if name != "address"}
    fields["sound"] = found.draft.sound.value
    return SourceForm(formdata=None, version=str(found.version), **fields)


def _said(verb: str, source: KnownSource) -> Response:
    change = changes.latest(database(), "source", source.id)
    return done(f"{verb} {source.name}.", url_for("settings.home"), change.id if change else None)


def _drawer(form: SourceForm, found: KnownSource | None, wrong: str = "") -> str:
    to = url_for("sources.save", source=found.id) if found else url_for("sources.add")
    return render_template("settings/source.html", form=form, source=found, wrong=wrong, action=to)
