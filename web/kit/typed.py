"""What Gavel understands while somebody types a time or a length, for the field to say so."""

from flask import Blueprint, Response, abort, jsonify, request

from config import times, typed

bp = Blueprint("typed", __name__, url_prefix="/typed")
LONGEST_TEXT = 40
"""Characters of a time or a length that are worth reading."""


@bp.get("/<kind>")
def read(kind: str) -> Response:
    """The time of day or the length as Gavel would keep it; or what to write instead."""
    text = request.args.get("text", "")[:LONGEST_TEXT]
    try:
        return jsonify(said=_understood(kind, text) if text.strip() else "", fine=True)
    except ValueError as error:
        return jsonify(said=str(error), fine=False)


def _understood(kind: str, text: str) -> str:
    if kind == "time":
        return times.time_of_day(typed.read_time(text))
    if kind != "length":
        abort(404)
    return times.length(typed.read_length(text))
