"""Limits on what an address or a form may carry: text, numbers, days.

Views read numbers through here and days through `web.kit.dates`, never on their own. So no address
reaches a year without local times, or a number that a database column cannot hold.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Request, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser
from wtforms import DateField, FloatField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from config import bounded
from web.kit.dates import LAST_TYPED_YEAR

MOST_MINUTES = 60 * 24 * 400
"""Longest time by which an airing can be moved."""
MOST_SECONDS = 60 * MOST_MINUTES
NOTE_LETTERS = 5000
"""Letters that fit into a field of several lines."""
CONTROLS_REFUSED = "This contains characters that cannot be used. Type it again."


class NamedFields(FormDataParser):
    """A form parser that leaves out parts without a name.

    Werkzeug gives such a part the name None, which breaks code that reads field names as text.
    """

    def parse(self, *given: Any, **more: Any) -> tuple[Any, MultiDict[str, Any], Any]:
        """Read the body; return what is left of it, its fields and its files.

        A body cut short raises in the middle of parsing, and its half-written temporary files would
        stay open. They are closed here, and so are the files of parts without a name.
        """
        begun: list[Any] = []
        make = self.stream_factory
        kept: set[int] = set()

        def remember(*about: Any, **rest: Any) -> Any:
            begun.append(make(*about, **rest))
            return begun[-1]

        self.stream_factory = remember
        try:
            left, fields, files = super().parse(*given, **more)
            kept = {id(item.stream) for name, item in files.items(multi=True) if name is not None}
            return left, self._named(fields), self._named(files)
        finally:
            for stream in begun:
                if id(stream) not in kept:
                    stream.close()

    def _named(self, parts: MultiDict[str, Any]) -> MultiDict[str, Any]:
        return self.cls([part for part in parts.items(multi=True) if part[0] is not None])


class NamedRequest(Request):
    """A request in whose form every field has a name."""

    form_data_parser_class = NamedFields


def refuse_controls() -> None:
    """Refuse control characters in the address, the query and the form, before any view runs.

    PostgreSQL stores no text with a NUL, and nobody types one. Tabs and line breaks are allowed:
    pasted text has them, and each view cleans its own.
    """
    if bounded.NO_TEXT.search(request.path):
        abort(404)
    fields = [*request.args.items(multi=True)]
    if request.method == "POST":
        fields += request.form.items(multi=True)
    for name, value in fields:
        if bounded.NO_TEXT.search(name) or bounded.NO_TEXT.search(value):
            abort(422, CONTROLS_REFUSED)


def number(
    given: Mapping[str, str], name: str, default: int = 0, most: int = bounded.LARGEST_INTEGER
) -> int:
    """Return the whole number of a parameter, within `most` either way; otherwise the default."""
    value = bounded.whole(given.get(name, ""), -most, most)
    return default if value is None else value


def line(label: str, letters: int, validators: Sequence[Any] = (), **given: Any) -> StringField:
    """Return a one-line field that refuses more letters than its column holds."""
    return StringField(label, validators=[*validators, _most(letters)], **given)


def lines(label: str, validators: Sequence[Any] = (), letters: int = NOTE_LETTERS) -> TextAreaField:
    """Return a field of several lines that refuses more than `letters` letters."""
    return TextAreaField(label, validators=[*validators, _most(letters)])


def _most(letters: int) -> Length:
    return Length(max=letters, message=f"Use up to {letters} characters.")


class DayField(DateField):  # type: ignore[misc]
    """A date field that refuses years outside the range Gavel plans in."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse years outside the range."""
        if self.data is not None and not bounded.FIRST_YEAR <= self.data.year <= LAST_TYPED_YEAR:
            text = f"Choose a day in the years {bounded.FIRST_YEAR} to {LAST_TYPED_YEAR}."
            self.data = None
            raise ValidationError(text)


class NumberField(FloatField):  # type: ignore[misc]
    """A decimal field that refuses infinity, `nan` and anything beyond a million."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse numbers that nothing here can use."""
        if self.data is not None and not abs(self.data) <= 1e6:
            self.data = None
            raise ValidationError("Write a number.")


class WholeField(IntegerField):  # type: ignore[misc]
    """A whole-number field that refuses what a column or a length of time cannot hold."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse numbers beyond `MOST_MINUTES`."""
        if self.data is not None and not abs(self.data) <= MOST_MINUTES:
            self.data = None
            raise ValidationError("Write a smaller number.")
