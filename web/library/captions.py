"""The captions of a file: listed, given, replaced, removed and exported."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from config.names import AssetKey
from media.caption_files import load_track, read_sidecar
from media.captions.cue import CaptionCue
from media.captions.facts import readable
from media.captions.scc import write_scc
from media.captions.track import CaptionError
from media.captions.vtt import write_vtt
from media.probe import ConfinedProber
from media.store import MediaStore
from scheduler.actions import captions as action
from scheduler.domain.library.names import CAPTION_SUFFIXES
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import Job, JobKind
from scheduler.domain.model.people import Right
from scheduler.queries import changes
from scheduler.queries import library as query
from scheduler.queries.library import LibraryEntry
from scheduler.refusals import Forbidden, Refused
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services
from web.library import caption_words

bp = Blueprint("captions", __name__, url_prefix="/media")
ROWS_A_PAGE = 200
REMEMBERED = 8
"""Files whose captions a process keeps in words: to decode three hours takes a second."""


@dataclass(frozen=True)
class CaptionList:
    """One page of the captions of a file."""

    rows: tuple[CaptionCue, ...]
    page: int
    pages: int


@bp.get("/<asset>/captions")
def show(asset: str) -> str:
    """Show the captions of a file, a page of them at a time."""
    return _page(query.entry(database(), AssetId(asset)))


@bp.post("/<asset>/captions")
def give(asset: str) -> Response | tuple[str, int]:
    """Let an uploaded caption file air with the file; show why it cannot."""
    entry, sent = query.entry(database(), AssetId(asset)), request.files.get("file")
    if not actor().may(Right.PREPARE):
        raise Forbidden(Right.PREPARE.value)
    try:
        given = _given(entry.asset, sent)
    except CaptionError as error:
        return _page(entry, str(error)), 422
    except Refused as error:
        return _page(entry, error.message), 422
    facts = given.caption_entry.facts if given.caption_entry else None
    count = f"{facts.count:,} captions" if facts and facts.count != 1 else "1 caption"
    return _done(given.id, f"{given.title} now airs with {count} of {_name(sent)}.")


@bp.post("/<asset>/captions/remove")
def remove(asset: str) -> Response:
    """Let the file air without captions."""
    version = number(request.form, "version")
    removed = action.remove(database(), actor(), now(), AssetId(asset), version)
    return _done(removed.id, f"{removed.title} now airs without captions.")


@bp.post("/<asset>/captions/inside")
def inside(asset: str) -> Response:
    """Read the captions inside the file itself."""
    action.queue_inside(database(), actor(), now(), AssetId(asset))
    text = "Reading the captions inside the file. They stand here when that is done."
    return done(text, url_for("captions.show", asset=asset))


@bp.post("/<asset>/captions/draft")
def draft(asset: str) -> Response:
    """Let the speech model write draft captions."""
    if services().settings.speech_model is None:
        raise Refused(message="This server has no speech model; see speech_model in its settings.")
    action.queue_draft(database(), actor(), now(), AssetId(asset))
    text = "Writing draft captions. That takes a while; nothing airs before you say so."
    return done(text, url_for("captions.show", asset=asset))


@bp.post("/<asset>/captions/draft/air")
def air_draft(asset: str) -> Response:
    """Let the draft captions air."""
    version = number(request.form, "version")
    aired = action.air_draft(database(), actor(), now(), AssetId(asset), version)
    assert aired.caption_entry is not None
    kind = "automatic captions" if aired.caption_entry.automatic else "its captions"
    return _done(aired.id, f"{aired.title} now airs with {kind}.")


@bp.post("/<asset>/captions/draft/discard")
def discard_draft(asset: str) -> Response:
    """Discard the draft captions."""
    version = number(request.form, "version")
    left = action.discard_draft(database(), actor(), now(), AssetId(asset), version)
    return _done(left.id, f"Discarded the draft captions of {left.title}.")


@bp.get("/<asset>/captions.vtt")
def vtt(asset: str) -> Response:
    """Answer with the captions as WebVTT."""
    found = query.entry(database(), AssetId(asset)).asset
    return _file(found, "vtt", "text/vtt", write_vtt(_cues(found)))


@bp.get("/<asset>/captions.scc")
def scc(asset: str) -> Response:
    """Answer with the captions of the first field as SCC, pair by pair."""
    found = query.entry(database(), AssetId(asset)).asset
    if found.caption_entry is None:
        abort(404)
    track = load_track(services().store, found.caption_entry.key)
    return _file(found, "scc", "text/plain", write_scc(track))


def _given(asset: Asset, sent: FileStorage | None) -> Asset:
    """Read an uploaded caption file and store it. Raises CaptionError and Refused."""
    if sent is None or not sent.filename:
        raise CaptionError("Choose a caption file first.")
    if asset.media is None:
        raise CaptionError(f"{asset.title} cannot air yet, so it takes no captions.")
    uploads = services().settings.uploads
    uploads.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=uploads, prefix="captions-") as file:
        sent.save(file)
        file.flush()
        captions = read_sidecar(
            Path(file.name), _name(sent), asset.media.length, services().store, ConfinedProber()
        )
    return action.give(database(), actor(), now(), asset.id, captions, _name(sent))


def _name(sent: FileStorage | None) -> str:
    """Return the name of an uploaded file without its folders."""
    return (sent.filename or "" if sent else "").replace("\\", "/").rsplit("/", 1)[-1]


def _done(asset: AssetId, text: str) -> Response:
    change = changes.latest(database(), "asset", asset)
    return done(text, url_for("captions.show", asset=asset), change.id if change else None)


def _page(entry: LibraryEntry, wrong: str = "") -> str:
    asset, listed, missing = entry.asset, None, ""
    try:
        listed = _listed(asset)
    except CaptionError as error:
        missing = str(error)
    length = asset.length or timedelta(0)
    facts = asset.caption_entry.facts if asset.caption_entry else None
    draft = asset.caption_draft
    return render_template(
        "library/captions.html",
        asset=asset,
        given=asset.caption_entry,
        summary=caption_words.in_full(asset.caption_entry, length) if asset.caption_entry else "",
        listed=listed,
        missing=missing,
        wrong=wrong,
        reading=caption_words.reading(entry.caption_job),
        busy=_is_busy(entry.caption_job),
        draft=draft,
        draft_summary=caption_words.in_full(draft, length) if draft else "",
        may_draft=asset.fit and services().settings.speech_model is not None and draft is None,
        source_words=caption_words.source(facts) if facts else "",
        may_read=asset.fit and asset.captions and not _is_as_inside(asset.caption_entry),
        suffixes=",".join(CAPTION_SUFFIXES),
        caption_time=caption_words.at,
    )


def _is_as_inside(entry: CaptionEntry | None) -> bool:
    """Return whether captions are those inside the file, as they stand there."""
    return entry is not None and entry.facts.origin.embedded and not entry.corrected


def _is_busy(job: Job | None) -> bool:
    """Return whether captions are being read, which takes seconds; a draft takes far longer."""
    return job is not None and job.state != "failed" and job.kind is not JobKind.CAPTION_DRAFT


def _listed(asset: Asset) -> CaptionList:
    shown = asset.caption_draft or asset.caption_entry
    cues = cues_of(asset, shown.key) if shown else ()
    pages = max(1, -(-len(cues) // ROWS_A_PAGE))
    page = min(max(1, number(request.args, "page", 1)), pages)
    return CaptionList(cues[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE], page, pages)


def _cues(asset: Asset) -> tuple[CaptionCue, ...]:
    """Return the captions of a file in words. Raises CaptionError."""
    if asset.caption_entry is None:
        abort(404)
    return cues_of(asset, asset.caption_entry.key)


def cues_of(asset: Asset, key: AssetKey) -> tuple[CaptionCue, ...]:
    """Return a stored track in words. Raises CaptionError."""
    return _decoded(services().store, key, asset.length or timedelta(0))


@lru_cache(REMEMBERED)
def _decoded(store: MediaStore, key: AssetKey, length: timedelta) -> tuple[CaptionCue, ...]:
    return readable(load_track(store, key), length)


def _file(asset: Asset, suffix: str, kind: str, text: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = f"{kind}; charset=utf-8"
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in asset.title if c.isascii())
    answer.headers["Content-Disposition"] = f'attachment; filename="{stem or "captions"}.{suffix}"'
    return answer
