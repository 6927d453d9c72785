"""What comes in an address or a form, read within bounds: one text, one day, one number.

A view never reads a day or a number by itself. So no address leads beyond the years that a zone
has local times for, nor to a number that a column cannot hold.
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
"""The most that anything is moved by."""
MOST_SECONDS = 60 * MOST_MINUTES
NOTE_LETTERS = 5000
"""Letters of a text of several lines."""
CONTROLS_REFUSED = "This contains characters that cannot be used. Type it again."


class NamedFields(FormDataParser):
    """The parser of forms, which leaves out parts without a name.

    Werkzeug names such a part None, and whoever reads the names of a form as texts breaks on it.
    """

    def parse(self, *given: Any, **more: Any) -> tuple[Any, MultiDict[str, Any], Any]:
        """Read the body; returns what is left of it, its fields and its files.

        A body that is cut short leaves the files it had begun to nobody: they are closed here, as
        those of parts without a name are.
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
            kept = {id(one.stream) for name, one in files.items(multi=True) if name is not None}
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
    """Refuse control characters in address, query and form, once for every view.

    PostgreSQL takes no text with a NUL, and nobody types one. Tabs and line breaks of any kind,
    as they come out of other programs, are left to whoever cleans the text.
    """
    if bounded.NO_TEXT.search(request.path):
        abort(404)
    given = [*request.args.items(multi=True)]
    if request.method == "POST":
        given += request.form.items(multi=True)
    for name, value in given:
        if bounded.NO_TEXT.search(name) or bounded.NO_TEXT.search(value):
            abort(422, CONTROLS_REFUSED)


def number(
    given: Mapping[str, str], name: str, default: int = 0, most: int = bounded.LARGEST_INTEGER
) -> int:
    """A whole number of at most so much either way; the default for anything else."""
    found = bounded.whole(given.get(name, ""), -most, most)
    return default if found is None else found


def line(label: str, letters: int, validators: Sequence[Any] = (), **given: Any) -> StringField:
    """A field of one line that its column has room for."""
    return StringField(label, validators=[*validators, _most(letters)], **given)


def lines(label: str, validators: Sequence[Any] = (), letters: int = NOTE_LETTERS) -> TextAreaField:
    """A field of several lines."""
    return TextAreaField(label, validators=[*validators, _most(letters)])


def _most(letters: int) -> Length:
    return Length(max=letters, message=f"Use up to {letters} characters.")


class DayField(DateField):  # type: ignore[misc]
    """A day that may be typed."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse years in which nothing of ours lies."""
        if self.data is not None and not bounded.FIRST_YEAR <= self.data.year <= LAST_TYPED_YEAR:
            text = f"Choose a day in the years {bounded.FIRST_YEAR} to {LAST_TYPED_YEAR}."
            self.data = None
            raise ValidationError(text)


class NumberField(FloatField):  # type: ignore[misc]
    """A number that is one: neither infinite nor `nan`, and no larger than anything of ours."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse the others."""
        if self.data is not None and not abs(self.data) <= 1e6:
            self.data = None
            raise ValidationError("Write a number.")


class WholeField(IntegerField):  # type: ignore[misc]
    """A whole number that a column holds and time can be reckoned with."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        """Refuse the others."""
        if self.data is not None and not abs(self.data) <= MOST_MINUTES:
            self.data = None
            raise ValidationError("Write a smaller number.")
