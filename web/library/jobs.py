"""The page of jobs: what runs, what waits, what failed and why, with a button to try it again."""

import hashlib

from flask import Blueprint, Response, make_response, render_template, request, url_for

from scheduler.actions import jobs as action
from scheduler.domain.model.ids import JobId
from scheduler.queries import jobs as query
from web.kit.context import actor, database, done, now, station_zone
from web.library.job_words import counted, folder_line, job_lines

bp = Blueprint("jobs", __name__, url_prefix="/media/jobs")


@bp.get("")
def home() -> str:
    """Show all jobs."""
    return render_template("library/jobs.html", board=_board())


@bp.get("/list")
def board() -> Response:
    """Return the lists alone; 204 while the browser already shows them as they are."""
    board = _board()
    return _unless_known("library/job_board.html", board, board=board)


@bp.get("/count")
def count() -> Response:
    """Return how many jobs there are, for the head of the library."""
    text = counted(query.counts(database(), now()))
    return _unless_known("library/job_count.html", text, counted=text)


@bp.post("/<job>/cancel")
def cancel(job: str) -> Response:
    """Cancel a job that waits or runs."""
    action.cancel(database(), actor(), now(), JobId(job))
    return done("The job is canceled.", url_for("jobs.home"))


@bp.post("/<job>/again")
def again(job: str) -> Response:
    """Begin a job again, or at once."""
    action.try_again(database(), actor(), now(), JobId(job))
    return done("The job is queued again.", url_for("jobs.home"))


@bp.post("/<job>/aside")
def aside(job: str) -> Response:
    """Take a failed job from the list."""
    action.put_aside(database(), actor(), now(), JobId(job))
    return done("The failed job is put aside.", url_for("jobs.home"))


def _board() -> dict[str, object]:
    known, zone = query.board(database(), now()), station_zone()
    return {
        "counts": known.counts,
        "working": job_lines(known.working, zone, now()),
        "waiting": job_lines(known.waiting, zone, now()),
        "failed": job_lines(known.failed, zone, now()),
        "done": job_lines(known.done, zone, now()),
        "folders": [folder_line(one, now()) for one in known.folders],
    }


def _unless_known(template: str, shown: object, **values: object) -> Response:
    """Return a part of a page; 204 where the browser has it, by the mark of what it shows."""
    mark = hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
    if request.headers.get("X-Gavel-Rev") == mark:
        return make_response("", 204)
    part = render_template(template, **values)
    return make_response(f'<div data-rev="{mark}" hidden></div>{part}')
