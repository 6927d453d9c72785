"""The media library: uploads in pieces, verdicts in words, and the filler pool."""

import hashlib
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)

from config.bounded import LARGEST_BIGINT
from config.names import ChannelId
from media.room import free_room
from scheduler.actions import captions as caption_action
from scheduler.actions import filler as filler_action
from scheduler.actions import media as action
from scheduler.domain.library.names import folder_tags, is_caption_file
from scheduler.domain.library.search import LONGEST_WORDS
from scheduler.domain.model.ids import AssetId, PersonId
from scheduler.domain.model.people import Right
from scheduler.queries import changes, grid, jobs, proposals
from scheduler.queries import library as query
from scheduler.refusals import Refused
from web.kit import words
from web.kit.approvals import sections
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services
from web.kit.file_offers import MOST_OFFERED, file_offer
from web.kit.files import PLAYED_AT_ONCE, send_stored
from web.kit.scheduling import scheduling
from web.library.cards import media_type
from web.library.found import FoundList, found_list
from web.library.job_words import counted
from web.library.search_form import offers, read_address
from web.library.uploads import BusyError, UploadError, Uploads

bp = Blueprint("media", __name__, url_prefix="/media")
LONGEST_PATH = 4096
"""Characters of the folders that a file is in."""


@bp.get("")
def home() -> Response | str:
    """Show what a search of the library finds, beneath the proposals; without one, every file."""
    found = found_list(read_address(request.args))
    if request.headers.get("HX-Target") == "library":
        answer = make_response(render_template("library/listed.html", **_listed(found)))
        # The address without its empty fields, to be kept and sent to others.
        answer.headers["HX-Replace-Url"] = found.address.url(1)
        return answer
    known = grid.channels(database())
    free = free_room(services().store, services().settings.uploads)
    waiting = proposals.filler(database(), now())
    own = proposals.filler(database(), now(), PersonId(actor().id))
    lists = sections(actor(), known, waiting, own, now())
    return render_template(
        "library/media.html",
        free=free,
        sections=lists,
        offers=offers(database()),
        **_listed(found),
        counted=counted(jobs.counts(database(), now())),
    )


@bp.get("/library")
def library() -> Response:
    """Return the list alone; 204 while the browser already shows it as it is."""
    found = found_list(read_address(request.args))
    if request.headers.get("X-Gavel-Rev") == _revision(found):
        return make_response("", 204)
    return make_response(render_template("library/library.html", **_listed(found)))


@bp.get("/choices")
def choices() -> Response:
    """Return the files that a form's field may offer for the words typed beside it."""
    typed = request.args.get("q", "")[:LONGEST_WORDS]
    found = map(file_offer, query.choices(database(), typed, MOST_OFFERED))
    return jsonify(
        [
            {"value": one.value, "words": one.words, "length": words.length(one.length)}
            if one.length
            else {"value": one.value, "words": one.words}
            for one in found
        ]
    )


@bp.get("/<asset>/thumbnail.jpg")
def thumbnail(asset: str) -> Response:
    """Return the file's thumbnail."""
    picture = query.thumbnail(database(), AssetId(asset))
    if picture is None:
        abort(404)
    answer = make_response(picture)
    answer.mimetype = "image/jpeg"
    # The address is the same after a cut was marked anew, so the browser asks again soon.
    answer.headers["Cache-Control"] = "private, max-age=60"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get("/<asset>/play")
def play(asset: str) -> Response:
    """Return the file itself for the browser to play, so that whoever approves it has seen it."""
    media = query.entry(database(), AssetId(asset)).asset.media
    if media is None or not services().store.has(media.key, media.suffix):
        abort(404)
    path = services().store.path(media.key, media.suffix)
    answer = send_stored(path, media_type(media.suffix), media.key, at_once=PLAYED_AT_ONCE)
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@bp.post("/uploads")
def begin() -> Response:
    """Begin an upload and return the address that its pieces go to."""
    try:
        size = number(request.form, "size", most=LARGEST_BIGINT)
        name = _uploads().begin(size, _free_room(), actor().id, now())
    except UploadError as error:
        return _refusal(error)
    return _text(url_for("media.piece", upload=name))


@bp.get("/uploads/<upload>")
def offset(upload: str) -> Response:
    """Return how many bytes have arrived, so that a broken upload can resume."""
    try:
        return _text(str(_uploads().offset(upload)))
    except UploadError as error:
        return _refusal(error)


@bp.put("/uploads/<upload>")
def piece(upload: str) -> Response:
    """Append the piece that starts at `?at=` and return the new length."""
    at, length = number(request.args, "at", -1, LARGEST_BIGINT), request.content_length or 0
    try:
        end = _uploads().append(upload, at, length, request.stream, _free_room())
    except UploadError as error:
        return _refusal(error)
    return _text(str(end))


@bp.post("/uploads/<upload>")
def finish(upload: str) -> Response:
    """Put the complete file into the library and queue its check."""
    try:
        whole = _uploads().finish(upload, number(request.form, "size", -1, LARGEST_BIGINT))
    except UploadError as error:
        return _refusal(error)
    named = request.form.get("name", "file")
    if is_caption_file(named):
        return _queue_captions(whole, named)
    tags = folder_tags(request.form.get("folder", "")[:LONGEST_PATH])
    return _text(action.register(database(), actor(), now(), whole.name, named, tags=tags).id)


def _queue_captions(whole: Path, named: str) -> Response:
    """Queue the reading of a caption file for the file of its name; drop it if there is none."""
    try:
        asset = caption_action.queue_file(database(), actor(), now(), whole.name, named)
    except Refused:
        whole.unlink(missing_ok=True)
        raise
    return _text(asset)


@bp.post("/<asset>/filler")
def filler(asset: str) -> Response:
    """Add the file to a channel's filler pool or take it out; propose it if the reader may not."""
    channel, used = ChannelId(request.form.get("channel", "")), bool(request.form.get("used"))
    if not actor().may(Right.PLAN, channel):
        return _propose_filler(channel, AssetId(asset), used)
    filler_action.set_filler(database(), actor(), now(), channel, AssetId(asset), used)
    title = query.entry(database(), AssetId(asset)).asset.title
    change = changes.latest(database(), "filler", f"{channel}/{asset}")
    name = grid.channel(database(), channel).name
    sentence = f"{title} {'now fills' if used else 'no longer fills'} gaps on {name}."
    return done(sentence, url_for("media.home"), change.id if change else None)


def _propose_filler(channel: ChannelId, asset: AssetId, used: bool) -> Response:
    proposal = filler_action.propose(database(), actor(), now(), channel, asset, used)
    change = changes.latest(database(), filler_action.ENTITY, proposal.id)
    name = grid.channel(database(), channel).name
    what = "fills gaps" if used else "no longer fills gaps"
    sentence = f"Proposed that {proposal.title} {what} on {name}. A scheduler approves it first."
    return done(sentence, url_for("media.home"), change.id if change else None)


@bp.post("/<asset>/title")
def rename(asset: str) -> Response:
    """Change the file's title."""
    version = number(request.form, "version")
    title = request.form.get("title", "")
    renamed = action.rename(database(), actor(), now(), AssetId(asset), title, version)
    change = changes.latest(database(), "asset", renamed.id)
    return done(
        f"Renamed to {renamed.title}.", url_for("media.home"), change.id if change else None
    )


@bp.post("/<asset>/retire")
def retire(asset: str) -> Response:
    """Retire the file."""
    version = number(request.form, "version")
    retired = action.retire(database(), actor(), now(), AssetId(asset), version)
    change = changes.latest(database(), "asset", retired.id)
    return done(f"Retired {retired.title}.", url_for("media.home"), change.id if change else None)


def _listed(found: FoundList) -> dict[str, Any]:
    return {
        "found": found,
        "rev": _revision(found),
        "scheduling": scheduling(grid.channels(database())),
        "may_save": actor().may(Right.PLAN),
    }


def _revision(found: FoundList) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def _uploads() -> Uploads:
    return Uploads(services().settings.uploads)


def _free_room() -> int:
    return free_room(services().store, services().settings.uploads)


def _text(text: str) -> Response:
    answer = make_response(text)
    answer.mimetype = "text/plain"
    return answer


def _refusal(error: UploadError) -> Response:
    answer = _text(str(error))
    answer.status_code = 409 if isinstance(error, BusyError) else 422
    return answer
