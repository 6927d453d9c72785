"""Base classes of staff forms: parse what was typed and show each mistake beside its field."""

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
    """One choice of a select field; a file's choice also carries its length for the field beside
    it.
    """

    value: str
    words: str
    length: timedelta | None = None


def offered(choices: Iterable[tuple[str, str] | Offer]) -> list[SelectChoice]:
    """Return the choices as WTForms takes them."""
    return [_choice(Offer(*choice)) for choice in choices]


def _choice(offer: Offer) -> SelectChoice:
    attributes = {"data-length": times.length(offer.length)} if offer.length else {}
    return SelectChoice(offer.value, offer.words, attributes)


class LengthField(StringField):  # type: ignore[misc]
    """A length of time as people write it; `span` is None while the field is empty."""

    span: timedelta | None = None
    errors: Sequence[str]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the text and show a mistake beside the field."""
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.span = read_length(text)
        except ValueError as error:
            self.errors = [*self.errors, str(error)]


def picked(field: Field) -> list[str]:
    """Return those chosen values that the field really offers.

    A preview reads a form before it is validated, and a caller may send any value.
    """
    chosen = field.data if isinstance(field.data, list) else [field.data]
    offers = {str(value) for value, *_ in field.iter_choices()}
    return [one for one in chosen if one in offers]


class ClockField(StringField):  # type: ignore[misc]
    """A time of day, shown in the station's 12 or 24 hours; `data` is a local time without a zone.

    It is a text field because a browser's time picker follows the browser's language, not the
    station's setting.
    """

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return field_time(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text; WTForms shows a mistake beside the field."""
        if valuelist:
            self.data = read_time(valuelist[0]) if valuelist[0].strip() else None


@dataclass(frozen=True)
class Difference:
    """One field in two versions, in words."""

    label: str
    was: str
    now: str


class DeskForm(FlaskForm):  # type: ignore[misc]
    """A form that keeps what was typed and shows an action's refusal beside its fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Options of Flask-WTF: where field values come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Accept typed fields only.

            Flask-WTF would also take files and JSON. Their values can be of any type and skip the
            check for control characters, and no form here has either.
            """
            del form
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form or None if request.method == "POST" else None

    differing: tuple[Difference, ...] = ()
    """After a lost race, each field in which the saved and the typed version differ."""

    def choose(self, name: str, choices: Iterable[tuple[str, str] | Offer]) -> None:
        """Set the choices of the select field `name`."""
        self[name].choices = offered(choices)

    def read(self) -> bool:
        """Validate; return True when every field can be used."""
        fine = bool(self.validate())
        return fine and not any(field.errors for field in self)

    def unread(self) -> str:
        """Return one text that names each field in error and what to do; empty when all can be
        used.
        """
        empty = [field.label.text for field in self if REQUIRED in field.errors]
        named = [f"{field.label.text}: {sentence}" for field in self for sentence in field.errors]
        sentences = [f"Fill in {joined(empty)}."] if empty else []
        return " ".join([*sentences, *(text for text in named if not text.endswith(REQUIRED))])

    def seen(self) -> int:
        """Return the version the form was filled from; 0 where it names none."""
        return bounded.whole(str(self["version"].data or "")) or 0

    def blame(self, refused: Refused, elsewhere: Mapping[str, str] | None = None) -> str:
        """Put the refusal's sentences beside their fields; return those without a field here."""
        left = [] if refused.field_errors else [refused.message]
        for name, sentence in refused.field_errors.items():
            field: Field | None = self._fields.get((elsewhere or {}).get(name, name))
            if field is None:
                left.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
        return " ".join(left)
