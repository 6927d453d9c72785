"""The drawer of a proposed bulletin at air size: change, withdraw, approve or decline it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for

from scheduler.actions import slide_proposals as action
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Right
from scheduler.domain.model.proposal import ProposalStage, SlideProposal
from scheduler.domain.model.slide import ALWAYS_UNTIL, Slide, is_automatic
from scheduler.queries import board, changes, grid, proposals, slides
from scheduler.reading.channels import zone_of
from scheduler.refusals import Conflict, Missing
from web.kit import words
from web.kit.approvals import STAGE_LIGHTS, DeclineForm, may_air, outcome
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.forms import Difference
from web.kit.saving import differences, save_form
from web.library import drawn
from web.library.board import filled_form, offer_choices, where_of
from web.library.forms import SlideForm

bp = Blueprint("slide_proposals", __name__, url_prefix="/bulletins/proposals")
TABLE = "slide_proposal"


@bp.get("/<proposal>")
def show(proposal: str) -> str:
    """Show the proposal beside what airs now, with its outcome."""
    return _drawer(_proposal(proposal))


@bp.get("/<proposal>/picture.png")
def picture(proposal: str) -> Response:
    """Return the proposed bulletin at air size, drawn by the code that draws it on air."""
    return drawn.picture_of(_proposal(proposal).draft, grid.channels(database()), air_size=True)


@bp.post("/<proposal>")
def save(proposal: str) -> Response | tuple[str, int]:
    """Save the producer's changes."""
    stored, form = _proposal(proposal), SlideForm()
    known = grid.channels(database())
    offer_choices(form, known, board.stills(database()))

    def act() -> Response:
        typed = form.draft(zone_of(known))
        saved = action.edit(database(), actor(), now(), stored.id, typed, form.seen())
        return _done(f"Changed the proposal “{saved.title}”.", saved)

    return save_form(form, act, lambda wrong: _drawer(stored, wrong, form), _filled(stored))


@bp.post("/<proposal>/withdraw")
def withdraw(proposal: str) -> Response:
    """Withdraw the proposal."""
    version = number(request.form, "version")
    withdrawn = action.withdraw(database(), actor(), now(), ProposalId(proposal), version)
    return _done(f"Withdrew the proposal “{withdrawn.title}”.", withdrawn)


@bp.post("/<proposal>/accept")
def accept(proposal: str) -> Response | tuple[str, int]:
    """Put the bulletin on the board as the reader saw it; if it changed since, show it again."""
    stored = _proposal(proposal)
    version, stood = number(request.form, "version"), number(request.form, "stood")
    try:
        action.accept(database(), actor(), now(), stored.id, version, stood)
    except Conflict as conflict:
        current = _proposal(proposal)
        sentence = f"{conflict.message} This is how it stands now." if current.open else ""
        return _drawer(current, sentence), 422
    sentence = (
        f"Approved removing “{stored.title}”" if stored.removes else f"Approved “{stored.title}”"
    )
    return _done(f"{sentence}, proposed by {stored.by_name}.", stored)


@bp.post("/<proposal>/decline")
def decline(proposal: str) -> Response | tuple[str, int]:
    """Decline the proposal with a reason."""
    stored, form = _proposal(proposal), DeclineForm()

    def act() -> Response:
        reason, seen = form.reason.data or "", form.seen()
        declined = action.decline(database(), actor(), now(), stored.id, reason, seen)
        return _done(f"Declined “{declined.title}”.", declined)

    return save_form(form, act, lambda wrong: _drawer(_proposal(proposal), wrong, no=form))


def _proposal(proposal: str) -> SlideProposal:
    return proposals.bulletin(database(), ProposalId(proposal))


def _filled(proposal: SlideProposal) -> SlideForm:
    known = grid.channels(database())
    form = filled_form(proposal.draft, proposal.version, zone_of(known))
    offer_choices(form, known, board.stills(database()))
    return form


def _bulletin_on_air(proposal: SlideProposal) -> Slide | None:
    """Return the bulletin on air that it would change; None for a new one, or one removed since."""
    if proposal.slide is None:
        return None
    try:
        return slides.slide(database(), proposal.slide)
    except Missing:
        return None


def _changes_on_air(proposal: SlideProposal, slide: Slide) -> tuple[Difference, ...]:
    """Return each field that would change on air; nothing for a removal or an answered proposal."""
    if proposal.removes or not proposal.open:
        return ()
    known = grid.channels(database())
    stands = filled_form(slide.draft, slide.version, zone_of(known))
    offer_choices(stands, known, board.stills(database()))
    return differences(stands, _filled(proposal))


def _days(proposal: SlideProposal, tz: ZoneInfo, at: datetime) -> str:
    """Say on which days it would be shown, first to last."""
    today, draft = at.astimezone(tz).date(), proposal.draft
    first = words.day(draft.shown_from.astimezone(tz).date(), today)
    if draft.shown_until >= ALWAYS_UNTIL:
        return f"from {first} until removed"
    last = (draft.shown_until.astimezone(tz) - timedelta(seconds=1)).date()
    return f"from {first} until {words.day(last, today)}"


def _action(proposal: SlideProposal, again: bool) -> str:
    """Return where the form is sent; with `again`, a declined proposal is proposed once more."""
    if not again:
        return url_for(".save", proposal=proposal.id)
    if proposal.slide is None:
        return url_for("bulletins.add")
    return url_for("bulletins.save", slide=proposal.slide)


def _done(text: str, proposal: SlideProposal) -> Response:
    (change,) = changes.history(database(), TABLE, proposal.id, limit=1)
    return done(text, url_for("bulletins.home"), change.id)


def _drawer(
    proposal: SlideProposal,
    wrong: str = "",
    typed: SlideForm | None = None,
    no: DeclineForm | None = None,
) -> str:
    known, at, airs = grid.channels(database()), now(), _bulletin_on_air(proposal)
    mine = proposal.by == actor().id and actor().may(Right.PREPARE)
    gone = proposal.slide is not None and airs is None
    again = mine and proposal.stage is ProposalStage.DECLINED and not gone
    form, tz = typed or _filled(proposal), zone_of(known)
    if again and airs is not None:
        form.version.data = str(airs.version)
    reach = [airs.draft.channel] if airs else []
    return render_template(
        "library/slide_proposal.html",
        found=proposal,
        form=form,
        wrong=wrong,
        airs=airs,
        differs=_changes_on_air(proposal, airs) if airs else (),
        state=STAGE_LIGHTS.get(proposal.stage, "past"),
        became=outcome(proposal, tz, at),
        tz=tz,
        typing=mine and not proposal.removes and (proposal.open or again),
        own=mine,
        facts=(
            where_of(proposal.draft, known),
            _days(proposal, tz, at),
            f"{proposal.draft.seconds:g} s each time",
        ),
        again=again,
        action=_action(proposal, again),
        may_decide=proposal.open
        and all(may_air(actor(), one, known) for one in (proposal.draft.channel, *reach)),
        automatic=is_automatic(proposal.draft.layout),
        no=no or DeclineForm(formdata=None, version=proposal.version),
        history=[(one, ()) for one in changes.history(database(), TABLE, proposal.id, limit=8)],
    )
