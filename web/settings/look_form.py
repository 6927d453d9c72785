"""The form of how the station's bulletins look: colours of each style, fonts and logo."""

from dataclasses import replace

from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from media.fonts import installed
from media.palette import read_colour
from playout.model.look import LookFile, StationLook, StyleColours
from playout.model.plan import Media
from scheduler.domain.model.graphics import Picture
from scheduler.domain.model.look import LOOK_STYLES, Font, colours_of, with_colours
from web.kit.bounds import line
from web.kit.forms import DeskForm

PARTS = ("background", "accent", "text")
OF_THE_MACHINE = "installed:"
"""Begins the value of a font that is installed on the server and not stored yet."""


def _colour(label: str) -> object:
    return line(label, 9)


class LookForm(DeskForm):
    """The look of bulletins."""

    plain_background = _colour("Background")
    plain_accent = _colour("Accent")
    plain_text = _colour("Text")
    notice_background = _colour("Background")
    notice_accent = _colour("Accent")
    notice_text = _colour("Text")
    urgent_background = _colour("Background")
    urgent_accent = _colour("Accent")
    urgent_text = _colour("Text")
    font = SelectField("Font", validators=[Optional()], default="")
    bold = SelectField("Font of headings", validators=[Optional()], default="")
    logo = SelectField("Logo", validators=[Optional()], default="")
    version = HiddenField()

    def offer(self, fonts: tuple[Font, ...], pictures: tuple[Picture, ...]) -> None:
        """Offer the stored fonts, those of the server, and the uploaded pictures as logos."""
        stored = [(font.file.key, font.name) for font in fonts]
        known = {font.name for font in fonts}
        own = [
            (f"{OF_THE_MACHINE}{name}", f"{name} (installed)")
            for name in installed()
            if name not in known
        ]
        self.choose("font", [("", "DejaVu Sans, as usual"), *stored, *own])
        self.choose("bold", [("", "the same, or DejaVu Sans Bold"), *stored, *own])
        self.choose("logo", [("", "none"), *((one.id, one.title) for one in pictures)])

    def look(self, fonts: tuple[Font, ...], pictures: tuple[Picture, ...]) -> StationLook:
        """Return the look as chosen. A font or logo that is not stored is left out."""
        files: dict[str, LookFile] = {font.file.key: font.file for font in fonts}
        logos: dict[str, LookFile] = {one.id: _file(one.media) for one in pictures}
        colours = tuple(self._colours(style) for style in LOOK_STYLES)
        look = StationLook(
            font=files.get(str(self.font.data or "")),
            bold=files.get(str(self.bold.data or "")),
            logo=logos.get(str(self.logo.data or "")),
        )
        return with_colours(look, colours)

    def _colours(self, style: str) -> StyleColours:
        texts = [str(self[f"{style}_{part}"].data or "").strip().lower() for part in PARTS]
        return StyleColours(style, *texts)


def filled_form(
    look: StationLook, version: int, fonts: tuple[Font, ...], pictures: tuple[Picture, ...]
) -> LookForm:
    """Return the form filled from the look as saved."""
    given = {
        f"{style}_{part}": getattr(colours_of(look, style), part)
        for style in LOOK_STYLES
        for part in PARTS
    }
    chosen = {
        name: file.key if file is not None else ""
        for name, file in (("font", look.font), ("bold", look.bold))
    }
    logo = look.logo.key if look.logo is not None else ""
    chosen["logo"] = next((one.id for one in pictures if one.media.key == logo), "")
    form = LookForm(formdata=None, **given, **chosen, version=str(version))
    form.offer(fonts, pictures)
    return form


def readable(look: StationLook) -> StationLook:
    """Return the look with usual colours in place of those that are none: for a preview."""
    kept = tuple(
        one
        for one in look.colours
        if None not in map(read_colour, (one.background, one.accent, one.text))
    )
    return replace(look, colours=kept)


def _file(media: Media) -> LookFile:
    return LookFile(media.key, media.suffix, media.size)
