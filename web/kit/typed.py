"""Live feedback for a field: how Gavel reads the time or length while somebody types it."""

from flask import Blueprint, Response, abort, jsonify, request

from config import times, typed

bp = Blueprint("typed", __name__, url_prefix="/typed")
LONGEST_TEXT = 40
"""Characters of typed text that are read; no time or length is longer."""


@bp.get("/<kind>")
def read(kind: str) -> Response:
    """Answer with the time or length as Gavel would save it, or with what to write instead."""
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
