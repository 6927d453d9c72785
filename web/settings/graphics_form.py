"""The form of what a channel shows over its pictures."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from config.times import length as length_words
from playout.model.graphics import Corner
from scheduler.domain.model.graphics import (
    FAINTEST,
    MOST_BUG_LETTERS,
    SOLID,
    GraphicsDraft,
    Picture,
)
from scheduler.domain.model.ids import PictureId
from web.kit.bounds import WholeField, line
from web.kit.forms import REQUIRED, DeskForm, LengthField, offered, picked
from web.kit.stays import NAMES_STAY, stay_of

CORNERS = tuple((one.value, one.value) for one in Corner)
LENGTHS = ("next_before", "next_for", "countdown_most")


def _length(label: str) -> LengthField:
    return LengthField(label, validators=[InputRequired(REQUIRED)])


class GraphicsForm(DeskForm):
    """The standing graphics of a channel."""

    bug_on = BooleanField("Show it")
    bug_text = line("Letters", MOST_BUG_LETTERS)
    logo = SelectField("Logo in place of the letters", validators=[Optional()], default="")
    bug_corner = SelectField("Corner", choices=offered(CORNERS))
    bug_opacity = WholeField("Opacity, %", validators=[InputRequired(REQUIRED)])
    says_live = BooleanField("Add the word LIVE during a live meeting")
    says_replay = BooleanField("Add the word REPLAY during a replay of one")
    over_slides = BooleanField("Show it over bulletins too")
    clock_on = BooleanField("Show it over bulletins")
    clock_corner = SelectField("Corner", choices=offered(CORNERS))
    clock_over_programs = BooleanField("Show it over programs and meetings too")
    next_on = BooleanField("Show it")
    next_before = _length("Before the program ends")
    next_for = _length("For")
    countdown_on = BooleanField("Show it over the bulletins before a meeting")
    countdown_most = _length("From at most")
    names_for = SelectField("A name stays", choices=offered(NAMES_STAY), default="8")
    caption_lives = BooleanField("Caption meetings that bring no captions of their own")
    version = HiddenField()

    def offer(self, pictures: tuple[Picture, ...]) -> None:
        """Offer the uploaded pictures as logos."""
        self.choose("logo", [("", "none"), *((one.id, one.title) for one in pictures)])

    def draft(self) -> GraphicsDraft:
        """Return the graphics as typed; a length or number that cannot be read is none."""
        typed = {one.name: self[one.name].data for one in fields(GraphicsDraft)}
        typed |= {name: self[name].span or timedelta(0) for name in LENGTHS}
        typed["names_for"] = stay_of(self.names_for.data or "")
        typed["bug_text"] = (self.bug_text.data or "").strip()
        typed["logo"] = PictureId(self.logo.data) if self.logo.data else None
        typed["bug_corner"], typed["clock_corner"] = map(Corner, self._corners())
        typed["bug_opacity"] = self.bug_opacity.data or 0
        return GraphicsDraft(**typed)

    def shown(self) -> GraphicsDraft:
        """Return what can be drawn of what is typed, also where it could not be saved."""
        usual = GraphicsDraft()
        opacity = min(max(self.bug_opacity.data or usual.bug_opacity, FAINTEST), SOLID)
        logo = next(iter(picked(self.logo)), "")
        return GraphicsDraft(
            bug_on=bool(self.bug_on.data),
            bug_text=(self.bug_text.data or "").strip()[:MOST_BUG_LETTERS],
            logo=PictureId(logo) if logo else None,
            bug_corner=_corner(self.bug_corner.data, usual.bug_corner),
            bug_opacity=opacity,
            says_live=bool(self.says_live.data),
            says_replay=bool(self.says_replay.data),
            over_slides=bool(self.over_slides.data),
            clock_on=bool(self.clock_on.data),
            clock_corner=_corner(self.clock_corner.data, usual.clock_corner),
            clock_over_programs=bool(self.clock_over_programs.data),
            next_on=bool(self.next_on.data),
            countdown_on=bool(self.countdown_on.data),
        )

    def _corners(self) -> tuple[str, str]:
        return self.bug_corner.data, self.clock_corner.data


def _corner(typed: str, usual: Corner) -> Corner:
    """Return the corner of that name; the usual one for a name that no choice has."""
    return next((one for one in Corner if one.value == typed), usual)


def filled_form(draft: GraphicsDraft, version: int, pictures: tuple[Picture, ...]) -> GraphicsForm:
    """Return the form filled from a channel's graphics."""
    values: Mapping[str, object] = {
        **vars(draft),
        "logo": draft.logo or "",
        "names_for": f"{draft.names_for.total_seconds():g}",
        "bug_corner": draft.bug_corner.value,
        "clock_corner": draft.clock_corner.value,
        **{name: length_words(getattr(draft, name)) for name in LENGTHS},
    }
    form = GraphicsForm(formdata=None, version=str(version), **values)
    form.offer(pictures)
    return form
