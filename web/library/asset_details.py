"""The details section of a file's page: what staff know of it, its documents, and when it airs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Blueprint, Response, abort, make_response, request, url_for
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from media.store import MediaError
from scheduler.actions import details as action
from scheduler.domain.library.details import (
    DOCUMENT_TYPES,
    LARGEST_DOCUMENT,
    LONGEST_NOTES,
    Details,
    DocumentId,
    StationField,
    document_name,
    document_problem,
    problems,
    split_tags,
)
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import AssetId, ProgramId
from scheduler.queries import changes, cuts, grid
from scheduler.queries import details as query
from scheduler.queries import library as library_query
from scheduler.queries.library import LibraryEntry
from scheduler.refusals import Refused
from web.kit import words
from web.kit.bounds import DayField, line, lines, number
from web.kit.context import actor, database, done, now, services
from web.kit.files import send_stored
from web.kit.forms import DeskForm
from web.kit.offers import program_choices
from web.kit.saving import save_form
from web.library.asset import SectionData, page, section

bp = Blueprint("details", __name__, url_prefix="/media")
READ_BYTES = 1 << 20
MOST_TIMES, MOST_CUTS = 12, 12
"""Airings that are listed, and cuts of a file that are asked for theirs."""


class DetailsForm(DeskForm):
    """The words of staff about a file; the fields of the station stand beside them."""

    day = DayField("Day it is from", validators=[Optional()])
    body = line("Body", 120)
    program = SelectField("Program", validators=[Optional()], default="")
    tags = line("Tags", 900)
    notes = lines("Notes for staff", letters=LONGEST_NOTES)
    version = HiddenField()
    wrong = ""
    """Why the whole form was refused; empty for nothing."""
    own: Mapping[str, str] = {}
    """Texts in the station's fields, by their ids."""
    own_errors: Mapping[str, str] = {}

    def details(self) -> Details:
        """Return the details as typed."""
        return Details(
            day=self.day.data,
            body=self.body.data or "",
            program=ProgramId(self.program.data) if self.program.data else None,
            tags=split_tags(self.tags.data or ""),
            notes=self.notes.data or "",
            fields=self.own,
        )


@dataclass(frozen=True)
class OwnField:
    """A field of the station, as the form draws it."""

    id: str
    name: str
    value: str
    wrong: str


@section("details")
def details_section(entry: LibraryEntry, again: DetailsForm | None) -> SectionData:
    """Return what the section shows; `again` is a refused form."""
    db, asset = database(), entry.asset.id
    known, own = query.details(db, asset), query.fields(db)
    form = again or _filled(known.details)
    names = query.names_in_use(db)
    return {
        "form": form,
        "own": [
            OwnField(one.id, one.name, form.own.get(one.id, ""), form.own_errors.get(one.id, ""))
            for one in own
        ],
        "documents": known.documents,
        "twins": known.twins,
        "bodies": names.bodies,
        "tags": names.tags,
        "suffixes": ",".join(DOCUMENT_TYPES),
        "largest": LARGEST_DOCUMENT,
        **_air_times(entry.asset),
    }


@bp.post("/<asset>/details")
def save(asset: str) -> Response | tuple[str, int]:
    """Save the details of a file."""
    entry = library_query.entry(database(), AssetId(asset))
    form = _offered(DetailsForm())
    form.own = _own(query.fields(database()))

    def act() -> Response:
        action.edit(database(), actor(), now(), entry.asset.id, form.details(), form.seen())
        return _done(entry.asset.id, f"Saved the details of {entry.asset.title}.")

    def again(wrong: str) -> str:
        form.wrong = wrong
        form.own_errors = _too_long(form.own)
        return page(entry, details=form)

    stands = _filled(query.details(database(), entry.asset.id).details)
    return save_form(form, act, again, stands)


@bp.post("/<asset>/documents")
def attach(asset: str) -> Response:
    """Attach a document, sent as its bytes under `?name=`. Refusals are plain sentences."""
    stored = library_query.entry(database(), AssetId(asset)).asset
    name, suffix = document_name(request.args.get("name", "")[:400])
    problem = document_problem(name, suffix, request.content_length or 0)
    if problem:
        return _refusal(problem)
    uploads, store = services().settings.uploads, services().store
    uploads.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=uploads, prefix="document-", suffix=suffix) as file:
        while piece := request.stream.read(READ_BYTES):
            file.write(piece)
        file.flush()
        size = file.tell()
        try:
            key, _ = store.add(Path(file.name), suffix=suffix, keep=True)
            action.add_document(database(), actor(), now(), stored.id, name, key, size)
        except MediaError as error:
            return _refusal(str(error))
        except Refused as refused:
            return _refusal(refused.message)
    return _done(stored.id, f"Attached {name}.")


@bp.get("/<asset>/documents/<document>")
def download(asset: str, document: str) -> Response:
    """Return a document as a download; a browser never opens one in Gavel's name."""
    found = query.document(database(), AssetId(asset), DocumentId(document))
    path = services().store.path(found.key, found.suffix)
    if not path.is_file():
        abort(404)
    answer = send_stored(path, found.media_type, found.key, name=found.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@bp.post("/<asset>/documents/<document>/remove")
def remove(asset: str, document: str) -> Response:
    """Take a document off its file."""
    version, id = number(request.form, "version"), DocumentId(document)
    name = action.remove_document(database(), actor(), now(), AssetId(asset), id, version)
    return _done(AssetId(asset), f"Removed {name}.")


def _air_times(asset: Asset) -> dict[str, Any]:
    """Return in words when the file airs and has aired, with the place in the schedule.

    A whole file airs where its cuts do, too.
    """
    db, at = database(), now()
    channels = {one.id: one for one in grid.channels(db)}
    cut = cuts.cuts_of(db, asset.id).cuts[:MOST_CUTS] if asset.cut_of is None else ()
    shown = [(query.air_times(db, one.id, at), _as_cut(one, asset)) for one in (asset, *cut)]
    coming = sorted(
        (one.airing.start, one.airing.channel, cut)
        for times, cut in shown
        for one in times.coming
        if one.airing.channel in channels
    )
    past = sorted(
        ((one.start, one.channel, one.outcome.value, cut) for times, cut in shown
         for one in times.past if one.channel in channels),
        reverse=True,
    )  # fmt: skip
    return {
        "coming": [
            (_where(channels[channel], start, cut), _on_schedule(channels[channel], start))
            for start, channel, cut in coming[:MOST_TIMES]
        ],
        "past": [
            f"{_where(channels[channel], start, cut)}: {outcome}"
            for start, channel, outcome, cut in past[:MOST_TIMES]
        ],
    }


def _as_cut(one: Asset, whole: Asset) -> str:
    return f", as the cut {one.title}" if one.id != whole.id else ""


def _where(channel: Channel, start: datetime, cut: str) -> str:
    return f"{words.when(start, channel.tz, now())}, {channel.name}{cut}"


def _on_schedule(channel: Channel, start: datetime) -> str:
    day = start.astimezone(channel.tz).date()
    return url_for("schedule.week", channel=channel.id, week=f"{day:%G-W%V}", day=str(day))


def _own(fields: tuple[StationField, ...]) -> dict[str, str]:
    return {one.id: request.form.get(f"field-{one.id}", "") for one in fields}


def _too_long(own: Mapping[str, str]) -> dict[str, str]:
    found = problems(Details(fields=own))
    return {name.removeprefix("field-"): sentence for name, sentence in found.items()}


def _filled(known: Details) -> DetailsForm:
    form = DetailsForm(
        formdata=None,
        day=known.day,
        body=known.body,
        program=known.program or "",
        tags=", ".join(known.tags),
        notes=known.notes,
        version=str(known.version),
    )
    form.own = known.fields
    return _offered(form)


def _offered(form: DetailsForm) -> DetailsForm:
    chosen = program_choices(database())
    form.choose("program", [("", "no program"), *chosen[1:]])
    return form


def _done(asset: AssetId, text: str) -> Response:
    change = changes.latest(database(), "asset", asset)
    return done(text, url_for("asset.show", asset=asset), change.id if change else None)


def _refusal(text: str) -> Response:
    answer = make_response(text)
    answer.mimetype, answer.status_code = "text/plain", 422
    return answer
