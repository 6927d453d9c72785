"""The page of how the station's bulletins look, with its pictures drawn while colours change."""

import base64
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Blueprint, Response, make_response, render_template, request, url_for

from media.fonts import LARGEST_FONT, installed, keep_font
from media.ingest import IngestError
from media.layers import LARGEST_UPLOAD
from media.probe import ConfinedProber
from media.slides.content import SlideContent
from media.slides.draw import draw
from playout.bulletins.looks import LookReader
from playout.model.look import LookFile, StationLook
from scheduler.actions import fonts as font_action
from scheduler.actions import station as action
from scheduler.domain.model.ids import STATION_KEY
from scheduler.domain.model.look import LOOK_STYLES, Font, colour_problems
from scheduler.queries import changes, graphics, station
from web.kit.context import actor, database, done, find_stored, now, services
from web.kit.saving import save_form
from web.settings.look_form import OF_THE_MACHINE, LookForm, filled_form, readable

bp = Blueprint("look", __name__, url_prefix="/settings/look")
PREVIEW_SIZE = 640, 360
EXAMPLES = {
    "plain": ("Leaf collection", "Bags at the curb by 6 am\non your regular day."),
    "notice": ("Riverside Bridge", "Closed to trucks.\nUse the Tenth Street Bridge."),
    "urgent": ("Boil your water", "North of the river,\nuntil further notice."),
}


@bp.get("")
def show() -> str:
    """Show the look as saved."""
    return _page(_filled())


@bp.post("")
def save() -> Response | tuple[str, int]:
    """Save the look; the next plans carry it."""
    form = _form()

    def act() -> Response:
        look = form.look(_stored(form), graphics.pictures(database()))
        action.set_look(database(), actor(), now(), look, form.seen())
        change = changes.latest(database(), "station", STATION_KEY)
        text = "Changed the look of bulletins."
        return done(text, url_for("look.show"), change.id if change else None)

    return save_form(form, act, lambda wrong: _page(form, wrong), _filled())


@bp.post("/preview")
def preview() -> str:
    """Show examples in the colours, font and logo as chosen so far, and what is wrong with them."""
    form = _form()
    fonts = station.fonts(database())
    look = form.look(fonts, graphics.pictures(database()))
    return render_template("settings/look_preview.html", **_examples(look))


@bp.post("/fonts")
def add_font() -> Response:
    """Take an uploaded font, sent as the bytes themselves; answer with its id and name."""
    try:
        font = _taken(request.get_data(), request.args.get("name", ""))
    except IngestError as error:
        return make_response(str(error), 422, {"Content-Type": "text/plain; charset=utf-8"})
    return make_response({"id": font.file.key, "title": font.name}, 201)


def _form() -> LookForm:
    form = LookForm()
    form.offer(station.fonts(database()), graphics.pictures(database()))
    return form


def _filled() -> LookForm:
    look, version = station.look(database())
    return filled_form(look, version, station.fonts(database()), graphics.pictures(database()))


def _stored(form: LookForm) -> tuple[Font, ...]:
    """Return the stored fonts, after storing those of the server that the form chooses."""
    for field in (form.font, form.bold):
        name = str(field.data or "")
        path = installed().get(name.removeprefix(OF_THE_MACHINE))
        if name.startswith(OF_THE_MACHINE) and path is not None:
            field.data = _kept(path, path.name).file.key
    return station.fonts(database())


def _taken(sent: bytes, name: str) -> Font:
    """Check and store the bytes of a font. Raises IngestError."""
    if len(sent) > LARGEST_FONT:
        raise IngestError(f"Use a font file of up to {LARGEST_FONT >> 20} MB.")
    uploads = services().settings.uploads
    uploads.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=uploads, prefix="font-") as file:
        file.write(sent)
        file.flush()
        return _kept(Path(file.name), name)


def _kept(path: Path, name: str) -> Font:
    stored = keep_font(path, name, services().store, ConfinedProber())
    file = LookFile(stored.key, stored.suffix, stored.size)
    return font_action.keep_font(database(), actor(), now(), stored.name, file)


def _examples(look: StationLook) -> dict[str, object]:
    """Draw one bulletin of each style, and one with the logo if there is one."""
    reader = LookReader(find_stored)
    shown = reader.look(readable(look), services().settings.station)
    slides = [
        SlideContent(*EXAMPLES[style], style, "logo" if style == "plain" and shown.logo else "text")
        for style in LOOK_STYLES
    ]
    wrong: dict[str, str] = {}
    for colours in look.colours:
        wrong |= colour_problems(colours)
    pictures = []
    for slide in slides:
        held = BytesIO()
        draw(slide, shown, PREVIEW_SIZE).image.convert("RGB").save(held, "JPEG", quality=88)
        data = base64.b64encode(held.getvalue()).decode()
        pictures.append((slide.style, f"data:image/jpeg;base64,{data}"))
    return {"pictures": pictures, "warnings": list(wrong.values())}


def _page(form: LookForm, wrong: str = "") -> str:
    look = form.look(station.fonts(database()), graphics.pictures(database()))
    return render_template(
        "settings/bulletin_look.html",
        form=form,
        wrong=wrong,
        styles=LOOK_STYLES,
        largest_font=LARGEST_FONT,
        largest_logo=LARGEST_UPLOAD,
        **_examples(look),
    )
