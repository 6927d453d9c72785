"""The drawer of proposed filler: see and hear the file; withdraw, approve or decline it."""

from flask import Blueprint, Response, render_template, request, url_for

from scheduler.actions import filler as action
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Right
from scheduler.domain.model.proposal import FillerProposal
from scheduler.queries import changes, grid, library, proposals
from scheduler.refusals import Conflict, Refused
from web.kit.approvals import STAGE_LIGHTS, DeclineForm, outcome
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services
from web.kit.saving import save_form
from web.library.cards import file_line, media_type

bp = Blueprint("filler_proposals", __name__, url_prefix="/media/proposals")
TABLE = "filler_proposal"


@bp.get("/<proposal>")
def show(proposal: str) -> str:
    """Show one proposal with its file."""
    return _drawer(_found(proposal))


@bp.post("/<proposal>/withdraw")
def withdraw(proposal: str) -> Response:
    """Withdraw the proposal."""
    version = number(request.form, "version")
    made = action.withdraw(database(), actor(), now(), ProposalId(proposal), version)
    return _said(f"Withdrew the proposal {made.title}.", made)


@bp.post("/<proposal>/accept")
def accept(proposal: str) -> Response | tuple[str, int]:
    """Let the file fill gaps, or stop it, as proposed."""
    version = number(request.form, "version")
    try:
        made = action.accept(database(), actor(), now(), ProposalId(proposal), version)
    except (Conflict, Refused) as error:
        again = _found(proposal)
        return _drawer(again, error.message if again.open else ""), 422
    name = grid.channel(database(), made.channel).name
    fills = "now fills" if made.used else "no longer fills"
    return _said(f"{made.title} {fills} gaps on {name}, proposed by {made.by_name}.", made)


@bp.post("/<proposal>/decline")
def decline(proposal: str) -> Response | tuple[str, int]:
    """Decline the proposal with a reason."""
    found, form = _found(proposal), DeclineForm()

    def act() -> Response:
        reason, seen = form.reason.data or "", form.seen()
        made = action.decline(database(), actor(), now(), found.id, reason, seen)
        return _said(f"Declined {made.title}.", made)

    return save_form(form, act, lambda wrong: _drawer(_found(proposal), wrong, form))


def _found(proposal: str) -> FillerProposal:
    return proposals.filler_of(database(), ProposalId(proposal))


def _said(text: str, made: FillerProposal) -> Response:
    (change,) = changes.history(database(), TABLE, made.id, limit=1)
    return done(text, url_for("media.home"), change.id)


def _drawer(found: FillerProposal, wrong: str = "", no: DeclineForm | None = None) -> str:
    db, at = database(), now()
    channel = grid.channel(db, found.channel)
    entry = library.entry(db, found.asset)
    media = entry.asset.media
    return render_template(
        "library/filler_proposal.html",
        found=found,
        file=file_line(entry, [channel], at, actor()),
        still=media is not None and media_type(media.suffix).startswith("image/"),
        here=media is not None and services().store.has(media.key, media.suffix),
        wrong=wrong,
        channel=channel,
        tz=channel.tz,
        state=STAGE_LIGHTS.get(found.stage, "past"),
        became=outcome(found, channel.tz, at),
        own=found.by == actor().id,
        may_decide=found.open and actor().may(Right.PLAN, found.channel),
        no=no or DeclineForm(formdata=None, version=found.version),
        history=[(one, ()) for one in changes.history(db, TABLE, found.id, limit=8)],
    )
