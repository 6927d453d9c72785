"""The common way to save a drawer's form: validate, act, or show it again with the reason."""

from collections.abc import Callable, Mapping
from datetime import date, time

from flask import Response
from wtforms import Field, HiddenField, SelectField

from config.typed import read_length
from scheduler.domain.model.audit import SECRETS
from scheduler.refusals import Conflict, Refused
from web.kit import words
from web.kit.forms import DeskForm, Difference, LengthField

NEVER_COMPARED = SECRETS | {"csrf_token"}


def save_form(
    form: DeskForm,
    act: Callable[[], Response],
    again: Callable[[str], str],
    stands: DeskForm | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> Response | tuple[str, int]:
    """Run `act`; if the form or the action refuses, render it again with the message and status
    422.

    After a lost race the form takes the version of `stands`, the form as it is saved now, and lists
    where the two differ. Saving again then overwrites on purpose, and nothing typed is lost.
    `elsewhere` maps a field name the action uses to the field of this form that stands for it.
    """
    wrong = ""
    if form.read():
        try:
            return act()
        except Refused as refused:
            wrong = form.blame(refused, elsewhere)
        except Conflict as conflict:
            wrong = f"{conflict.message} Save again to use yours."
            if stands is not None:
                form["version"].data = stands["version"].data
                form.differing = differences(stands, form)
    return again(wrong), 422


def differences(stands: DeskForm, typed: DeskForm) -> tuple[Difference, ...]:
    """Return each field that differs; of a text of several lines only the lines the other lacks."""
    differing = []
    for field in typed:
        was, now = _said(field, stands[field.name].data), _said(field, field.data)
        if field.name in NEVER_COMPARED or isinstance(field, HiddenField) or was == now:
            continue
        ours, theirs = now.splitlines(), was.splitlines()
        was = "\n".join(line for line in theirs if line not in ours)
        now = "\n".join(line for line in ours if line not in theirs)
        differing.append(Difference(field.label.text, was or "nothing more", now or "nothing more"))
    return tuple(differing)


def _said(field: Field, data: object) -> str:
    if isinstance(field, LengthField):
        return _length(str(data or ""))
    if isinstance(field, SelectField):
        labels = {choice.value: choice.label for choice in field.choices}
        chosen = data if isinstance(data, list) else [data]
        return "\n".join(str(labels.get(choice, choice)) for choice in chosen)
    if isinstance(data, bool):
        return "yes" if data else "no"
    if isinstance(data, date):
        return words.day(data)
    if isinstance(data, time):
        return words.time_of_day(data)
    return "\n".join(str(data).strip().splitlines()) if data not in (None, "") else "nothing"


def _length(typed: str) -> str:
    """Return a typed length as pages write it, so that `0:30` and `30 min` count as equal."""
    try:
        return words.length(read_length(typed))
    except ValueError:
        return typed or "nothing"
