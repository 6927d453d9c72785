"""The section Export of a cut's page: the cut and its pieces as files to download."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, make_response, request, url_for
from werkzeug.datastructures import Headers

from media.export import CAPTIONS, FILM, ExportFacts, until_of
from playout.model.pieces import MOST_PIECES
from scheduler.actions import exports as action
from scheduler.actions import resting
from scheduler.domain.library.cuts import place_words
from scheduler.domain.library.exporting import chapter_list
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobState
from scheduler.queries import exports as query
from scheduler.queries import library
from scheduler.queries import resting as resting_query
from scheduler.queries.exports import CutFile
from scheduler.queries.library import LibraryEntry
from web.kit import words
from web.kit.bounds import number
from web.kit.context import actor, database, done, go, now, services, station_zone
from web.kit.files import file_name, send_stored
from web.library import asset as pages
from web.library.cards import media_type

bp = Blueprint("exports", __name__, url_prefix="/media")
FEW_PIECES = 12
"""Pieces that are listed openly; more are folded."""


@dataclass(frozen=True)
class FileLine:
    """One file that there is, or may be."""

    piece: int
    name: str
    """`Whole cut` or `Piece 2`."""
    span: str
    """Length, and where in the file a piece is."""
    made: str
    """Size and end of keeping of a file that is made; empty for none."""
    note: str
    """What is wrong with it, or why it was not made."""
    working: str
    """How far its making is; empty while nobody makes it."""
    share: float
    captions: bool
    chapters: bool


@pages.section("export")
def export_section(entry: LibraryEntry, again: Any) -> pages.SectionData | None:
    """Return the files of a cut; None for what is no cut."""
    if entry.asset.cut_of is None or not entry.asset.fit:
        return None
    files = query.files_of(database(), entry.asset.id)
    lines = [_line(one) for one in files]
    media = entry.asset.media
    assert media is not None
    here = services().store.has(media.key, media.suffix)
    return {
        "content": _content(entry.asset),
        "lines": lines[:1],
        "pieces": lines[1:],
        "folded": len(lines) > FEW_PIECES,
        "working": any(line.working for line in lines),
        "here": here,
        "rests": not here and bool(resting_query.resting_of(database(), [media.key])),
        "wrong": (again or {}).get("wrong", ""),
    }


@bp.post("/<asset>/export")
def make(asset: str) -> Response | tuple[str, int]:
    """Queue the making of a file, where the disk has room for it."""
    piece = number(request.form, "piece", 0, MOST_PIECES)
    entry = library.entry(database(), AssetId(asset))
    file = query.file_of(database(), entry.asset.id, piece)
    if file is None:
        abort(404)
    wrong = services().exports.room(file.export)
    if wrong:
        return pages.page(entry, export={"wrong": wrong}), 422
    action.queue(database(), actor(), now(), entry.asset.id, piece)
    resting.want(database(), file.export.key, now())
    return done("The file is being made. It can be downloaded here.", _section_of(asset))


@bp.get("/<asset>/export/film")
def film(asset: str) -> Response:
    """Answer with a file that is made, or a range of it; lead to the page while it is not."""
    return send_export(AssetId(asset), number(request.args, "piece", 0, MOST_PIECES))


@bp.get("/<asset>/export/captions.vtt")
def captions(asset: str) -> Response:
    """Answer with the captions of a file that is made."""
    file, facts = _made(AssetId(asset), number(request.args, "piece", 0, MOST_PIECES))
    if facts is None or not facts.captions:
        abort(404)
    path = services().exports.path(file.export.content, CAPTIONS)
    etag = f"{file.export.content}-{CAPTIONS}"
    return _own(send_stored(path, "text/vtt", etag, name=file_name(file.export.title, ".vtt")))


@bp.get("/<asset>/export/chapters.txt")
def chapters(asset: str) -> Response:
    """Answer with the chapters as a list that video platforms read."""
    file, _ = _made(AssetId(asset), number(request.args, "piece", 0, MOST_PIECES))
    if not file.export.chapters:
        abort(404)
    answer = make_response(chapter_list(file.export))
    answer.mimetype = "text/plain"
    name = file_name(f"{file.export.title} chapters", ".txt")
    told = Headers()
    told.set("Content-Disposition", "attachment", filename=name)
    answer.headers.extend(told)
    return _own(answer)


def send_export(asset: AssetId, piece: int = 0) -> Response:
    """Answer with the file of a cut under its title; lead to the page while it is not made."""
    file, facts = _made(asset, piece)
    export = file.export
    path = services().exports.path(export.content, FILM)
    if facts is None or not path.is_file():
        return go(_section_of(asset))
    name = file_name(export.title, export.ending)
    return _own(send_stored(path, media_type(export.ending), export.content, name=name))


def _made(asset: AssetId, piece: int) -> tuple[CutFile, ExportFacts | None]:
    file = query.file_of(database(), asset, piece)
    if file is None:
        abort(404)
    return file, services().exports.facts(file.export.content)


def _own(answer: Response) -> Response:
    """Let no cache keep what another marking of the cut replaces."""
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _section_of(asset: str) -> str:
    return f"{url_for('asset.show', asset=asset)}#h-export"


def _content(asset: Asset) -> str:
    """Say what is in a file of a cut."""
    kind = "MP4" if asset.media is None or asset.media.has_picture else "M4A"
    carried = [
        *(["its captions"] if asset.caption_entry is not None else []),
        *(["its chapters"] if asset.chapters else []),
    ]
    also = f" It carries {' and '.join(carried)}." if carried else ""
    marked = "exactly the marked pictures" if kind == "MP4" else "exactly the marked sound"
    return f"An {kind} that browsers and video platforms take, with {marked}.{also}"


def _line(file: CutFile) -> FileLine:
    export = file.export
    facts = services().exports.facts(export.content)
    job = file.job if facts is None else None
    return FileLine(
        piece=file.piece,
        name=f"Piece {file.piece}" if file.piece else "Whole cut",
        span=_span(file),
        made=_made_words(facts) if facts is not None else "",
        note=_note(facts, job),
        working=_working(job),
        share=job.progress if job is not None else 0.0,
        captions=facts is not None and bool(facts.captions),
        chapters=bool(export.chapters),
    )


def _span(file: CutFile) -> str:
    export = file.export
    length = words.length(timedelta(seconds=export.seconds))
    if not file.piece:
        return length
    ((first, after),) = export.pieces
    edges: Sequence[str] = [place_words(one, export.rate) for one in (first, after - 1)]
    return f"{length}, {edges[0]} to {edges[1]}"


def _made_words(facts: ExportFacts) -> str:
    until = words.when(until_of(facts), station_zone(), now())
    return f"{words.size(facts.size)}, kept until {until}"


def _note(facts: ExportFacts | None, job: Job | None) -> str:
    if facts is not None and facts.repeated:
        pictures = words.a_count(facts.repeated, "picture")
        return f"{pictures} of the file could not be read; the one before stands for each."
    if job is None:
        return ""
    return job.step if job.state is JobState.FAILED else ""


def _working(job: Job | None) -> str:
    if job is None or job.over:
        return ""
    if job.state is JobState.WORKING:
        return f"{job.step or 'Making the file'}: {100 * job.progress:.0f} % done."
    if job.not_before is not None:
        return f"{job.note} Next try {words.when(job.not_before, station_zone(), now())}."
    return "Waits for its turn."
