"""The broadcast machine's door for recordings: its inventory, pieces of files, and letting go."""

from flask import Blueprint, Response, g, make_response, request

from config.bounded import without_controls
from config.names import AssetKey
from config.sizes import bytes_words
from media.room import DISK_KEPT_FREE
from media.store import MediaError
from playout.model.holdings import LARGEST_PIECE, Holdings, PieceStored
from playout.model.plan import Media
from playout.model.wire import WireError, decode, encode
from scheduler.actions import homecoming
from scheduler.queries import host_api, resting
from web.host_api.views import as_json, by_key, may_go, refused, say_what_is_read
from web.kit.bounds import number
from web.kit.context import database, now, services

bp = Blueprint("host_files", __name__, url_prefix="/api/v1/host/<channel>")
bp.before_request(by_key)
bp.after_request(say_what_is_read)


@bp.post("/holdings")
def holdings(channel: str) -> Response:
    """Store what the machine holds, and answer with what the server lacks of it."""
    del channel
    try:
        held = decode(Holdings, without_controls(request.get_data()))
    except WireError as error:
        return refused(422, str(error))
    return as_json(encode(homecoming.hold(database(), g.host, held.files, now())))


@bp.post("/let-go/<key>")
def let_go(channel: str, key: str) -> Response:
    """Say whether the machine may delete its copy of a file: 204 for yes, 409 for no."""
    del channel
    suffix = host_api.media_suffix(database(), AssetKey(key))
    is_here = suffix is None or services().store.has(AssetKey(key), suffix)
    if (is_here or resting.resting_of(database(), [key])) and may_go(AssetKey(key)):
        return make_response("", 204)
    return refused(409, "Too few copies of this file would be left.")


@bp.put("/media/<key>")
def piece(channel: str, key: str) -> Response:
    """Store a piece of an awaited recording that begins at byte `?at=N`, and say where it ends.

    An empty piece only asks. What does not begin where the file here ends is not stored.
    """
    del channel
    media = homecoming.awaited_file(database(), AssetKey(key))
    if media is None:
        return refused(404, "No recording with this key is awaited.")
    if services().store.has(media.key, media.suffix):
        return as_json(encode(PieceStored(media.size)))
    body = request.get_data()
    if len(body) > LARGEST_PIECE:
        return refused(422, f"Send pieces of at most {LARGEST_PIECE} bytes.")
    return as_json(encode(_stored(media, number(request.args, "at"), body)))


def _stored(media: Media, at: int, body: bytes) -> PieceStored:
    store = services().store
    partial = store.writer(media.key, media.suffix, media.size)
    have = partial.offset()
    lacks = media.size - have + DISK_KEPT_FREE - store.free_bytes()
    if lacks > 0:
        return PieceStored(have, f"The server's media disk is full: {bytes_words(lacks)} too few.")
    try:
        return PieceStored(partial.append(at, body) if body else have)
    except MediaError as error:
        return PieceStored(have, str(error))
