"""Forms of the desk: what was typed, turned into what an action takes, with words for mistakes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    SelectChoice,
    StringField,
)

from config import bounded, times
from config.times import field_time
from config.typed import read_length, read_time
from scheduler.domain.series.patterns import joined
from scheduler.refusals import Refused

REQUIRED = "Please fill this in."


class Offer(NamedTuple):
    """A choice of a select field; that of a file brings its length for the field beside it."""

    value: str
    words: str
    length: timedelta | None = None


def offered(choices: Iterable[tuple[str, str] | Offer]) -> list[SelectChoice]:
    """Value and words of each choice, as WTForms takes them."""
    return [_choice(Offer(*choice)) for choice in choices]


def _choice(offer: Offer) -> SelectChoice:
    told = {"data-length": times.length(offer.length)} if offer.length else {}
    return SelectChoice(offer.value, offer.words, told)


class LengthField(StringField):  # type: ignore[misc]
    """Elapsed time as people write it; `span` is None while the field is empty."""

    span: timedelta | None = None
    errors: Sequence[str]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the text; a mistake stands beside the field."""
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.span = read_length(text)
        except ValueError as error:
            self.errors = [*self.errors, str(error)]


def picked(field: Field) -> list[str]:
    """Return what was chosen of what the field offers.

    A preview reads a form before it is right, and whoever sends a form may name anything.
    """
    chosen = field.data if isinstance(field.data, list) else [field.data]
    offers = {str(value) for value, *_ in field.iter_choices()}
    return [one for one in chosen if one in offers]


class ClockField(StringField):  # type: ignore[misc]
    """A time of day as people write it, shown as the station writes it; `data` is a wall time.

    No browser's time picker: it writes hours its own way, whatever the station's is.
    """

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return field_time(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text; a mistake stands beside the field."""
        if valuelist:
            self.data = read_time(valuelist[0]) if valuelist[0].strip() else None


@dataclass(frozen=True)
class Difference:
    """One field as two versions have it, in words."""

    label: str
    was: str
    now: str


class DeskForm(FlaskForm):  # type: ignore[misc]
    """A form that keeps what was typed and takes an action's words back to their fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Where the fields come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Take typed fields only. Flask-WTF would also take files and JSON, whose values may be
            of any type and pass no check for control characters; no form of ours has either."""
            del form
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form or None if request.method == "POST" else None

    differing: tuple[Difference, ...] = ()
    """After a lost race: each field in which what stands and what was typed differ."""

    def choose(self, name: str, choices: Iterable[tuple[str, str] | Offer]) -> None:
        """Offer these in the select field `name`."""
        self[name].choices = offered(choices)

    def read(self) -> bool:
        """True when every field says something usable."""
        fine = bool(self.validate())
        return fine and not any(field.errors for field in self)

    def unread(self) -> str:
        """Say of each field that cannot be used what to do, by its label; empty when all can."""
        empty = [field.label.text for field in self if REQUIRED in field.errors]
        named = [f"{field.label.text}: {sentence}" for field in self for sentence in field.errors]
        said = [f"Fill in {joined(empty)}."] if empty else []
        return " ".join([*said, *(one for one in named if not one.endswith(REQUIRED))])

    def seen(self) -> int:
        """The version the form was filled from; 0 where it names none."""
        return bounded.whole(str(self["version"].data or "")) or 0

    def blame(self, refused: Refused, elsewhere: Mapping[str, str] | None = None) -> str:
        """Put the action's sentences beside their fields; what has no field here is returned."""
        left = [] if refused.field_errors else [refused.message]
        for name, sentence in refused.field_errors.items():
            field: Field | None = self._fields.get((elsewhere or {}).get(name, name))
            if field is None:
                left.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
        return " ".join(left)
