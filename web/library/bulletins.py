"""The bulletin board: slides as viewers see them, in their order, and proposed changes."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from playout.model.announced import AutomaticPage
from scheduler.actions import slide_proposals
from scheduler.actions import slides as action
from scheduler.domain.model import slide as model
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import AssetId, PersonId, SlideId
from scheduler.domain.model.people import Right
from scheduler.domain.model.proposal import SlideProposal
from scheduler.domain.model.slide import MOST_LETTERS, Slide, SlideDraft, is_automatic
from scheduler.queries import board, changes, grid, proposals, slides, station
from scheduler.reading.channels import zone_of
from scheduler.refusals import Refused
from web.kit.approvals import may_air, sections
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.saving import save_form
from web.library import drawn
from web.library.board import as_card, filled_form, offer_choices, order_after, switches
from web.library.forms import SlideForm

bp = Blueprint("bulletins", __name__, url_prefix="/bulletins")

USUALLY_SHOWN_FOR = timedelta(days=14)
"""The time on the board offered for a new bulletin."""
APPROVAL_HINT = (
    "On a channel that is not yours to change it waits for a scheduler's approval, and what airs "
    "now stays on air until then."
)


@bp.get("")
def home() -> str:
    """Show the board, beneath the proposals."""
    db, at, known = database(), now(), _channels()
    waiting = proposals.bulletins(db, at)
    stored = slides.slides(db)
    shown = [as_card(slide, known, at, actor(), waiting) for slide in stored]
    own = proposals.bulletins(db, at, PersonId(actor().id))
    lists = sections(actor(), known, waiting, own, at)
    return render_template(
        "library/bulletins.html",
        slides=shown,
        sections=lists,
        adding=_label("Add a bulletin", "Propose a bulletin"),
        switches=switches(stored),
        look=_look_tag(),
    )


@bp.get("/new")
def new() -> str:
    """Show an empty slide, from today for two weeks; staff may clear the last day."""
    local = now().astimezone(zone_of(_channels())).date()
    last = local + USUALLY_SHOWN_FOR
    return _drawer(SlideForm(formdata=None, shown_from=local, shown_until=last, seconds=10.0), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add the bulletin; propose it if the reader may not change the board of its channel."""
    form = _form()

    def act() -> Response:
        typed = form.draft(zone_of(_channels()))
        if _may_change(typed.channel):
            return _done("Added", action.add(database(), actor(), now(), typed))
        return _done_proposing(slide_proposals.add(database(), actor(), now(), typed))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.post("/automatic")
def automatic() -> Response:
    """Switch an automatic page on: it becomes a bulletin, or a proposal of one."""
    try:
        kind = AutomaticPage(request.form.get("kind", ""))
    except ValueError as error:
        raise Refused(message="Choose one of the automatic pages.") from error
    draft = model.automatic(kind, now())
    if _may_change(None):
        return _done("Switched on", action.add(database(), actor(), now(), draft))
    return _done_proposing(slide_proposals.add(database(), actor(), now(), draft))


@bp.post("/preview")
def preview() -> str:
    """Show the bulletin as it is being written, at air size, and what is to be said of it."""
    form = _form()
    form.read()
    return render_template(
        "library/slide_preview.html", seen=drawn.preview(_as_typed(form), _channels())
    )


@bp.get("/<slide>")
def show(slide: str) -> str:
    """Show one slide."""
    stored = slides.slide(database(), SlideId(slide))
    return _drawer(filled_form(stored.draft, stored.version, zone_of(_channels())), stored)


@bp.post("/<slide>")
def save(slide: str) -> Response | tuple[str, int]:
    """Save the slide as typed, or propose the change: then it airs unchanged until the answer."""
    stored, form = slides.slide(database(), SlideId(slide)), _form()

    def act() -> Response:
        typed, seen = form.draft(zone_of(_channels())), form.seen()
        if _may_change(typed.channel) and _may_change(stored.draft.channel):
            return _done("Changed", action.edit(database(), actor(), now(), stored.id, typed, seen))
        proposal = slide_proposals.add(database(), actor(), now(), typed, stored.id, seen)
        return _done_proposing(proposal, "a change of ")

    stands = filled_form(stored.draft, stored.version, zone_of(_channels()))
    return save_form(form, act, lambda wrong: _drawer(form, stored, wrong), stands)


@bp.post("/<slide>/remove")
def remove(slide: str) -> Response:
    """Remove the slide from the board, or propose to."""
    stored = slides.slide(database(), SlideId(slide))
    version = number(request.form, "version")
    if not _may_change(stored.draft.channel):
        proposal = slide_proposals.remove(database(), actor(), now(), stored.id, version)
        return _done_proposing(proposal, "to remove ")
    action.remove(database(), actor(), now(), stored.id, version)
    return _done("Removed", stored)


@bp.post("/<slide>/move")
def move(slide: str) -> Response:
    """Move the slide one place earlier or later."""
    ids = [one.id for one in slides.slides(database())]
    order = order_after(ids, SlideId(slide), number(request.form, "by"))
    action.reorder(database(), actor(), now(), order)
    return _done("Moved", slides.slide(database(), SlideId(slide)))


@bp.get("/<slide>/picture.png")
def picture(slide: str) -> Response:
    """Return the bulletin's picture, drawn by the code that draws it on air."""
    large = request.args.get("size") == "air"
    draft = slides.slide(database(), SlideId(slide)).draft
    return drawn.picture_of(draft, _channels(), air_size=large)


def _as_typed(form: SlideForm) -> SlideDraft:
    """Return what is typed so far, with a usual value for a field that cannot be read yet."""
    usual = SlideDraft("", "", None, now())
    still = {one.id for one in board.stills(database())}
    named = ("heading", "body", "second", "link", "layout", "style", "channel", "picture")
    chosen = {name: str(form[name].data or "").strip()[:MOST_LETTERS] for name in named}
    return replace(
        usual,
        heading=chosen["heading"],
        body=chosen["body"],
        second=chosen["second"],
        link=chosen["link"],
        layout=chosen["layout"],
        style=chosen["style"],
        seconds=form.seconds.data or usual.seconds,
        channel=ChannelId(chosen["channel"]) if chosen["channel"] else None,
        picture=AssetId(chosen["picture"]) if chosen["picture"] in still else None,
    )


def _look_tag() -> str:
    """Return a name of the station's look, so that its pictures are fetched again when it
    changes.
    """
    return sha256(repr(station.look(database())[0]).encode()).hexdigest()[:12]


def _channels() -> tuple[Channel, ...]:
    return grid.channels(database())


def _may_change(channel: ChannelId | None) -> bool:
    return may_air(actor(), channel, _channels())


def _label(airs: str, proposes: str) -> str:
    """Return the button's words for a reader who may change some channel's board, or for one who
    cannot.
    """
    return airs if any(_may_change(one.id) for one in _channels()) else proposes


def _form() -> SlideForm:
    form = SlideForm()
    offer_choices(form, _channels(), board.stills(database()))
    return form


def _done(verb: str, slide: Slide) -> Response:
    change = changes.latest(database(), "slide", slide.id)
    sentence = f"{verb} “{slide.draft.heading}”."
    return done(sentence, url_for("bulletins.home"), change.id if change else None)


def _done_proposing(proposal: SlideProposal, what: str = "") -> Response:
    change = changes.latest(database(), slide_proposals.ENTITY, proposal.id)
    sentence = f"Proposed {what}“{proposal.title}”. A scheduler approves it first."
    return done(sentence, url_for("bulletins.home"), change.id if change else None)


def _drawer(form: SlideForm, slide: Slide | None, wrong: str = "") -> str:
    offer_choices(form, _channels(), board.stills(database()))
    where = url_for("bulletins.save", slide=slide.id) if slide else url_for("bulletins.add")
    if slide is None:
        word, only = _label("Add the bulletin", "Propose it"), not actor().may(Right.PLAN)
    else:
        only = not _may_change(slide.draft.channel)
        word = "Propose this change" if only else "Save"
    return render_template(
        "library/slide.html",
        form=form,
        slide=slide,
        wrong=wrong,
        action=where,
        word=word,
        hint=APPROVAL_HINT if only or not _may_change(None) else "",
        seen=drawn.preview(_as_typed(form), _channels()),
        automatic=is_automatic(str(form.layout.data)),
    )
