"""The drawer of a proposed airing: make, change and withdraw it; approve or decline it."""

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import airings
from scheduler.actions import proposals as action
from scheduler.domain.model.airing import AiringDraft, problems
from scheduler.domain.model.ids import ProposalId
from scheduler.domain.model.people import Right
from scheduler.domain.model.proposal import AiringProposal, ProposalStage
from scheduler.queries import changes, conflicts, grid, proposals
from scheduler.refusals import Refused
from web.clashes.one import place
from web.clashes.words import overlap_sentence
from web.kit import words
from web.kit.approvals import DeclineForm
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.saving import save_form
from web.schedule.airing_form import draft, empty_form, fill_choices, filled_form, history
from web.schedule.forms import AiringForm
from web.schedule.proposal_rows import outcome_sentence

bp = Blueprint("proposals", __name__, url_prefix="/proposals")
ERROR_FIELDS = {"start": "at"}
"""The form's field beside which an error about the start is shown."""


@bp.get("/new")
def new() -> str:
    """Show an empty form, prefilled with what the click named."""
    return _drawer(empty_form(database(), now(), request.args), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Propose the airing."""
    form = fill_choices(database(), now(), AiringForm())

    def act() -> Response:
        made = action.add(database(), actor(), now(), draft(database(), now(), form))
        return _said("Proposed", made, _clash(made.draft))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong), elsewhere=ERROR_FIELDS)


@bp.post("/preview")
def preview() -> str:
    """Say what the airing would overlap as typed; save nothing."""
    form = fill_choices(database(), now(), AiringForm())
    said = _clash(draft(database(), now(), form)) if form.read() else ""
    return render_template("schedule/clash.html", clash=said)


@bp.get("/<proposal>")
def show(proposal: str) -> str:
    """Show one proposal and its outcome."""
    found = _found(proposal)
    return _drawer(_filled(found), found)


@bp.post("/<proposal>")
def save(proposal: str) -> Response | tuple[str, int]:
    """Save the producer's changes; if somebody was faster, show both versions, keep the typing."""
    found, form = _found(proposal), fill_choices(database(), now(), AiringForm())

    def act() -> Response:
        wanted = draft(database(), now(), form)
        made = action.edit(database(), actor(), now(), found.id, wanted, form.seen())
        return _said("Changed the proposal", made, _clash(made.draft))

    if not found.open:
        return _drawer(_filled(found), found, outcome_sentence(found)), 422
    return save_form(
        form, act, lambda wrong: _drawer(form, found, wrong), _filled(found), ERROR_FIELDS
    )


@bp.post("/<proposal>/withdraw")
def withdraw(proposal: str) -> Response:
    """Withdraw the proposal."""
    version = number(request.form, "version")
    found = action.withdraw(database(), actor(), now(), ProposalId(proposal), version)
    return _said("Withdrew the proposal", found)


@bp.post("/<proposal>/accept")
def accept(proposal: str) -> Response | tuple[str, int]:
    """Put the proposal on the schedule as any airing; where it overlaps others, ask first."""
    db, at, found = database(), now(), _found(proposal)
    seen = found.id, number(request.form, "version")
    if not found.open or seen[1] != found.version:
        said = (
            outcome_sentence(found) or f"{found.by_name} changed it; this is the current version."
        )
        return _drawer(_filled(found), found, said), 422
    try:
        return place(
            found.draft,
            "Approved",
            None,
            0,
            lambda plan: airings.add(db, actor(), at, found.draft, seen, plan=plan),
            accepts=seen,
        )
    except Refused as refused:
        wrong = " ".join(refused.field_errors.values())
        return _drawer(_filled(found), found, wrong), 422


@bp.post("/<proposal>/decline")
def decline(proposal: str) -> Response | tuple[str, int]:
    """Decline the proposal with a reason."""
    found, form = _found(proposal), DeclineForm()

    def act() -> Response:
        reason = form.reason.data or ""
        return _said(
            "Declined",
            action.decline(database(), actor(), now(), found.id, reason, form.seen()),
        )

    return save_form(form, act, lambda wrong: _drawer(_filled(found), found, wrong, form))


def _found(proposal: str) -> AiringProposal:
    return proposals.proposal(database(), ProposalId(proposal))


def _filled(found: AiringProposal) -> AiringForm:
    return filled_form(database(), now(), found.draft, found.version)


def _clash(wanted: AiringDraft) -> str:
    """Name what it would overlap on the schedule, in a sentence; empty where there is nothing."""
    if problems(wanted, now()):
        return ""
    weighed = conflicts.weigh(database(), wanted, now())
    zone = grid.channel(database(), wanted.channel).tz
    return overlap_sentence(weighed, wanted.title, zone, now()) if weighed.choices else ""


def _said(verb: str, made: AiringProposal, more: str = "") -> Response:
    """Go to the schedule of that day with a message that says what happened and offers Undo."""
    channel = grid.channel(database(), made.channel)
    day = made.start.astimezone(channel.tz).date()
    to = url_for("schedule.week", channel=channel.id, week=f"{day:%G-W%V}", day=day)
    text = f"{verb} {made.title}, {words.when(made.start, channel.tz, now())}. {more}"
    (change,) = changes.history(database(), "proposal", made.id, limit=1)
    return done(text.strip(), to, change.id)


def _drawer(
    form: AiringForm, found: AiringProposal | None, wrong: str = "", no: DeclineForm | None = None
) -> str:
    db, at = database(), now()
    slug = found.channel if found else ChannelId(form.channel.data or "")
    channel = grid.channel(db, slug) if slug else None
    own = found is None or found.by == actor().id
    again = found is not None and found.stage is ProposalStage.DECLINED
    typing = own and actor().may(Right.PROPOSE) and (found is None or found.open or again)
    _keep_to_reach(form, slug)
    to = url_for(".add") if found is None or again else url_for(".save", proposal=found.id)
    return render_template(
        "schedule/proposal.html",
        form=form,
        found=found,
        wrong=wrong,
        channel=channel,
        tz=channel.tz if channel else None,
        programs=len(form.program.choices or ()) > 1,
        typing=typing,
        again=again,
        action=to,
        became=outcome_sentence(found) if found else "",
        clash=_clash(found.draft) if found and found.open else "",
        may_decide=found is not None and found.open and actor().may(Right.PLAN, slug),
        no=no or DeclineForm(formdata=None, version=found.version if found else 0),
        history=history(db, at, form, found) if found else (),
    )


def _keep_to_reach(form: AiringForm, shown: ChannelId) -> None:
    """Offer only the channels this person may propose for, and the one the proposal names."""
    choices = [(one.value, one.label) for one in form.channel.choices]
    mine = [(id, name) for id, name in choices if id == shown or actor().may(Right.PROPOSE, id)]
    form.choose("channel", mine)
