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
        return _done("Proposed", made, _overlap(made.draft))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong), elsewhere=ERROR_FIELDS)


@bp.post("/preview")
def preview() -> str:
    """Say what the airing would overlap as typed; save nothing."""
    form = fill_choices(database(), now(), AiringForm())
    try:
        sentence = _overlap(draft(database(), now(), form)) if form.read() else ""
    except Refused:  # a row that is half typed, about which saving will tell
        sentence = ""
    return render_template("schedule/clash.html", clash=sentence)


@bp.get("/<proposal>")
def show(proposal: str) -> str:
    """Show one proposal and its outcome."""
    stored = _proposal(proposal)
    return _drawer(_filled(stored), stored)


@bp.post("/<proposal>")
def save(proposal: str) -> Response | tuple[str, int]:
    """Save the producer's changes; if somebody was faster, show both versions, keep the typing."""
    stored, form = _proposal(proposal), fill_choices(database(), now(), AiringForm())

    def act() -> Response:
        typed = draft(database(), now(), form)
        made = action.edit(database(), actor(), now(), stored.id, typed, form.seen())
        return _done("Changed the proposal", made, _overlap(made.draft))

    if not stored.open:
        return _drawer(_filled(stored), stored, outcome_sentence(stored)), 422
    return save_form(
        form, act, lambda wrong: _drawer(form, stored, wrong), _filled(stored), ERROR_FIELDS
    )


@bp.post("/<proposal>/withdraw")
def withdraw(proposal: str) -> Response:
    """Withdraw the proposal."""
    version = number(request.form, "version")
    withdrawn = action.withdraw(database(), actor(), now(), ProposalId(proposal), version)
    return _done("Withdrew the proposal", withdrawn)


@bp.post("/<proposal>/accept")
def accept(proposal: str) -> Response | tuple[str, int]:
    """Put the proposal on the schedule as any airing; where it overlaps others, ask first."""
    db, at, stored = database(), now(), _proposal(proposal)
    seen = stored.id, number(request.form, "version")
    if not stored.open or seen[1] != stored.version:
        sentence = (
            outcome_sentence(stored) or f"{stored.by_name} changed it; this is the current version."
        )
        return _drawer(_filled(stored), stored, sentence), 422
    try:
        return place(
            stored.draft,
            "Approved",
            None,
            0,
            lambda plan: airings.add(db, actor(), at, stored.draft, seen, plan=plan),
            accepts=seen,
        )
    except Refused as refused:
        wrong = " ".join(refused.field_errors.values())
        return _drawer(_filled(stored), stored, wrong), 422


@bp.post("/<proposal>/decline")
def decline(proposal: str) -> Response | tuple[str, int]:
    """Decline the proposal with a reason."""
    stored, form = _proposal(proposal), DeclineForm()

    def act() -> Response:
        reason = form.reason.data or ""
        return _done(
            "Declined",
            action.decline(database(), actor(), now(), stored.id, reason, form.seen()),
        )

    return save_form(form, act, lambda wrong: _drawer(_filled(stored), stored, wrong, form))


def _proposal(proposal: str) -> AiringProposal:
    return proposals.proposal(database(), ProposalId(proposal))


def _filled(stored: AiringProposal) -> AiringForm:
    return filled_form(database(), now(), stored.draft, stored.version)


def _overlap(wanted: AiringDraft) -> str:
    """Name what it would overlap on the schedule, in a sentence; empty where there is nothing."""
    if problems(wanted, now()):
        return ""
    weighed = conflicts.weigh(database(), wanted, now())
    zone = grid.channel(database(), wanted.channel).tz
    return overlap_sentence(weighed, wanted.title, zone, now()) if weighed.choices else ""


def _done(verb: str, made: AiringProposal, more: str = "") -> Response:
    """Go to the schedule of that day with a message that says what happened and offers Undo."""
    channel = grid.channel(database(), made.channel)
    day = made.start.astimezone(channel.tz).date()
    to = url_for("schedule.week", channel=channel.id, week=f"{day:%G-W%V}", day=day)
    text = f"{verb} {made.title}, {words.when(made.start, channel.tz, now())}. {more}"
    (change,) = changes.history(database(), "proposal", made.id, limit=1)
    return done(text.strip(), to, change.id)


def _drawer(
    form: AiringForm, stored: AiringProposal | None, wrong: str = "", no: DeclineForm | None = None
) -> str:
    db, at = database(), now()
    slug = stored.channel if stored else ChannelId(form.channel.data or "")
    channel = grid.channel(db, slug) if slug else None
    is_own = stored is None or stored.by == actor().id
    again = stored is not None and stored.stage is ProposalStage.DECLINED
    typing = is_own and actor().may(Right.PROPOSE) and (stored is None or stored.open or again)
    _limit_channels(form, slug)
    to = url_for(".add") if stored is None or again else url_for(".save", proposal=stored.id)
    return render_template(
        "schedule/proposal.html",
        form=form,
        found=stored,
        wrong=wrong,
        channel=channel,
        tz=channel.tz if channel else None,
        programs=len(form.program.choices or ()) > 1,
        typing=typing,
        again=again,
        action=to,
        became=outcome_sentence(stored) if stored else "",
        clash=_overlap(stored.draft) if stored and stored.open else "",
        may_decide=stored is not None and stored.open and actor().may(Right.PLAN, slug),
        no=no or DeclineForm(formdata=None, version=stored.version if stored else 0),
        history=history(db, at, form, stored) if stored else (),
    )


def _limit_channels(form: AiringForm, shown: ChannelId) -> None:
    """Offer only the channels this person may propose for, and the one the proposal names."""
    choices = [(one.value, one.label) for one in form.channel.choices]
    mine = [(id, name) for id, name in choices if id == shown or actor().may(Right.PROPOSE, id)]
    form.choose("channel", mine)
