"""The section Cuts of a file's page: pieces and chapters, marked with the picture or typed."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, url_for
from wtforms import HiddenField
from wtforms.validators import InputRequired

from scheduler.actions import cuts as action
from scheduler.domain.library.cut_text import (
    NotAPlaceError,
    chapters_text,
    pieces_text,
    read_chapters,
    read_pieces,
)
from scheduler.domain.library.cuts import LONGEST_TITLE, CutDraft, read_place
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.queries import changes, library
from scheduler.queries import cuts as query
from scheduler.queries.library import LibraryEntry
from scheduler.refusals import Refused
from web.kit.bounds import line, lines
from web.kit.context import actor, database, done, now
from web.kit.forms import REQUIRED, DeskForm
from web.kit.saving import save_form
from web.library import asset as pages

bp = Blueprint("cuts", __name__, url_prefix="/media")
LETTERS = 40_000
"""Letters of two hundred pieces or chapters, and some to spare."""


class CutForm(DeskForm):
    """The fields of a cut."""

    title = line("Title of the cut", LONGEST_TITLE, [InputRequired(REQUIRED)])
    pieces = lines("Pieces, in the order in which they air", [InputRequired(REQUIRED)], LETTERS)
    chapters = lines("Chapters", letters=LETTERS)
    version = HiddenField()

    def draft(self, rate: Fraction | None) -> CutDraft:
        """Return the cut as typed. Raises Refused for a line that names no place."""
        pieces = _read("pieces", read_pieces, self.pieces.data or "", rate)
        chapters = _read("chapters", read_chapters, self.chapters.data or "", rate)
        return CutDraft(self.title.data, pieces, chapters)


class SplitForm(DeskForm):
    """The fields with which a cut becomes two."""

    at = line("First picture of the second cut", 20, [InputRequired(REQUIRED)])
    second_title = line("Title of the second cut", LONGEST_TITLE, [InputRequired(REQUIRED)])
    version = HiddenField()


def _read(
    field: str, reader: Callable[[str, Fraction | None], Any], text: str, rate: Fraction | None
) -> Any:
    try:
        return reader(text, rate)
    except NotAPlaceError as error:
        raise Refused({field: str(error)}, str(error)) from None


@bp.post("/<asset>/cuts")
def add(asset: str) -> Response | tuple[str, int]:
    """Save a new cut of a file."""
    form, rate = CutForm(), _rate(asset)

    def act() -> Response:
        made = action.add(database(), actor(), now(), AssetId(asset), form.draft(rate))
        return _done(f"Saved the cut {made.title}. It can air like any file.", made)

    return save_form(form, act, lambda wrong: _again(asset, form=form, wrong=wrong))


@bp.post("/<asset>/cut")
def edit(asset: str) -> Response | tuple[str, int]:
    """Save a cut that was marked anew."""
    form, rate = CutForm(), _rate(asset)

    def act() -> Response:
        version = int(form.version.data or 0)
        saved = action.edit(database(), actor(), now(), AssetId(asset), form.draft(rate), version)
        return _done(f"Saved the cut {saved.title}. Airings to come follow.", saved)

    present = _form_of(library.entry(database(), AssetId(asset)).asset)
    return save_form(form, act, lambda wrong: _again(asset, form=form, wrong=wrong), present)


@bp.post("/<asset>/split")
def split(asset: str) -> Response | tuple[str, int]:
    """Let a cut end where another one of it begins."""
    form, rate = SplitForm(), _rate(asset)

    def act() -> Response:
        frame = read_place(form.at.data, rate)
        if frame is None:
            raise Refused({"at": "Write a place such as 0:05:00:00."})
        version, title = int(form.version.data or 0), form.second_title.data
        one, other = action.split_in_two(
            database(), actor(), now(), AssetId(asset), frame, title, version
        )
        return _done(f"Split {other.title} from {one.title}.", one)

    renamed = {"title": "second_title", "pieces": "at", "chapters": "at"}
    return save_form(
        form, act, lambda wrong: _again(asset, split=form, wrong=wrong), elsewhere=renamed
    )


@pages.section("cuts")
def cuts_section(entry: LibraryEntry, again: Any) -> pages.SectionData | None:
    """Return the cuts of a file and the form of one; None for what has no time of its own."""
    asset = entry.asset
    if not asset.fit or not asset.length:
        return None
    found, typed = query.cuts_of(database(), asset.id), again or {}
    rate = asset.media.rate if asset.media is not None else None
    if asset.cut_of is None:
        form = CutForm(formdata=None, pieces=pieces_text(found.offered, rate))
    else:
        form = _form_of(asset)
    return {
        "whole": found.whole,
        "cuts": found.cuts,
        "form": typed.get("form", form),
        "split": typed.get("split") or SplitForm(formdata=None, version=str(asset.version)),
        "wrong": typed.get("wrong", ""),
        "offered": pieces_text(found.offered, rate),
    }


def _form_of(asset: Asset) -> CutForm:
    rate = asset.media.rate if asset.media is not None else None
    return CutForm(
        formdata=None,
        title=asset.title,
        pieces=pieces_text(asset.media.pieces, rate) if asset.media is not None else "",
        chapters=chapters_text(asset.chapters, rate),
        version=str(asset.version),
    )


def _rate(asset: str) -> Fraction | None:
    media = library.entry(database(), AssetId(asset)).asset.media
    return media.rate if media is not None else None


def _again(asset: str, **typed: Any) -> str:
    return pages.page(library.entry(database(), AssetId(asset)), cuts=typed)


def _done(text: str, asset: Asset) -> Response:
    change = changes.latest(database(), "asset", asset.id)
    to = f"{url_for('asset.show', asset=asset.id)}#h-cuts"
    return done(text, to, change.id if change else None)
