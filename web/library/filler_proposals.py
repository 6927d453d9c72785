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
    return _drawer(_proposal(proposal))


@bp.post("/<proposal>/withdraw")
def withdraw(proposal: str) -> Response:
    """Withdraw the proposal."""
    version = number(request.form, "version")
    withdrawn = action.withdraw(database(), actor(), now(), ProposalId(proposal), version)
    return _done(f"Withdrew the proposal {withdrawn.title}.", withdrawn)


@bp.post("/<proposal>/accept")
def accept(proposal: str) -> Response | tuple[str, int]:
    """Let the file fill gaps, or stop it, as proposed."""
    version = number(request.form, "version")
    try:
        accepted = action.accept(database(), actor(), now(), ProposalId(proposal), version)
    except (Conflict, Refused) as error:
        again = _proposal(proposal)
        return _drawer(again, error.message if again.open else ""), 422
    name = grid.channel(database(), accepted.channel).name
    fills = "now fills" if accepted.used else "no longer fills"
    return _done(
        f"{accepted.title} {fills} gaps on {name}, proposed by {accepted.by_name}.", accepted
    )


@bp.post("/<proposal>/decline")
def decline(proposal: str) -> Response | tuple[str, int]:
    """Decline the proposal with a reason."""
    stored, form = _proposal(proposal), DeclineForm()

    def act() -> Response:
        reason, seen = form.reason.data or "", form.seen()
        declined = action.decline(database(), actor(), now(), stored.id, reason, seen)
        return _done(f"Declined {declined.title}.", declined)

    return save_form(form, act, lambda wrong: _drawer(_proposal(proposal), wrong, form))


def _proposal(proposal: str) -> FillerProposal:
    return proposals.filler_of(database(), ProposalId(proposal))


def _done(text: str, made: FillerProposal) -> Response:
    (change,) = changes.history(database(), TABLE, made.id, limit=1)
    return done(text, url_for("media.home"), change.id)


def _drawer(proposal: FillerProposal, wrong: str = "", no: DeclineForm | None = None) -> str:
    db, at = database(), now()
    channel = grid.channel(db, proposal.channel)
    entry = library.entry(db, proposal.asset)
    media = entry.asset.media
    return render_template(
        "library/filler_proposal.html",
        found=proposal,
        file=file_line(entry, [channel], at, actor()),
        still=media is not None and media_type(media.suffix).startswith("image/"),
        here=media is not None and services().store.has(media.key, media.suffix),
        wrong=wrong,
        channel=channel,
        tz=channel.tz,
        state=STAGE_LIGHTS.get(proposal.stage, "past"),
        became=outcome(proposal, channel.tz, at),
        own=proposal.by == actor().id,
        may_decide=proposal.open and actor().may(Right.PLAN, proposal.channel),
        no=no or DeclineForm(formdata=None, version=proposal.version),
        history=[(one, ()) for one in changes.history(db, TABLE, proposal.id, limit=8)],
    )
