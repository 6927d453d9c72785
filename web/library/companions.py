"""The parts by which a page shows a film: its small copy, its picture strip and its sound strip."""

from flask import Blueprint, Response, abort, jsonify, request

from config.names import AssetKey
from media.companion import COMPANION, PICTURES, strips_as_json
from scheduler.domain.model.ids import AssetId
from scheduler.queries import library as query
from web.kit.context import database, services
from web.kit.files import PLAYED_AT_ONCE, send_stored

bp = Blueprint("companions", __name__, url_prefix="/media")
FOR_EVER = "private, immutable, max-age=31536000"
"""The address names the content: it holds the key of the file and the version of what is made."""


@bp.get("/<asset>/companion.mp4")
def companion(asset: str) -> Response:
    """Answer with the small copy, or a range of it."""
    return _file(asset, COMPANION, "video/mp4")


@bp.get("/<asset>/pictures.jpg")
def pictures(asset: str) -> Response:
    """Answer with the pictures of the strip on one sheet."""
    return _file(asset, PICTURES, "image/jpeg")


@bp.get("/<asset>/strips.json")
def strips(asset: str) -> Response:
    """Answer with the strips as numbers."""
    key = _key(asset)
    made = services().companions.strips(key)
    if made is None:
        abort(404)
    answer = jsonify(strips_as_json(made))
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "no-store"
    return answer


def _file(asset: str, name: str, kind: str) -> Response:
    key = _key(asset)
    path = services().companions.path(key, name)
    if services().companions.strips(key) is None or not path.is_file():
        abort(404)
    answer = send_stored(path, kind, f"{key}-{name}", at_once=PLAYED_AT_ONCE)
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


def _key(asset: str) -> AssetKey:
    found = query.entry(database(), AssetId(asset)).asset
    if found.media is None:
        abort(404)
    return found.media.key
