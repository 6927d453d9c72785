"""Saved searches: their list, and the drawer of one with what it finds while it is typed."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import searches as action
from scheduler.domain.library.saved_search import SavedSearch, SavedSearchDraft, problems
from scheduler.domain.model.ids import SearchId
from scheduler.domain.model.people import Right
from scheduler.queries import changes, grid, programs, searches
from scheduler.queries.searches import SearchCard
from scheduler.reading.search_uses import SearchUse
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.saving import save_form
from web.library.saved_search_form import SearchForm, filled_form
from web.library.search_form import read_address

bp = Blueprint("searches", __name__, url_prefix="/media/searches")
FIELDS_THAT_FIND_NOTHING = frozenset({"name"})
"""Fields on which what is found does not depend."""


@bp.get("")
def home() -> str:
    """List every saved search with what it finds now and what draws from it."""
    names = {channel.id: channel.name for channel in grid.channels(database())}
    return render_template(
        "library/searches.html",
        cards=searches.cards(database(), now()),
        names=names,
        may_plan=actor().may(Right.PLAN),
    )


@bp.get("/new")
def new() -> str:
    """Show a form with the search of the address; without one it finds everything, newest first."""
    asked = SavedSearchDraft("", read_address(request.args).search, None)
    return _drawer(_offering(filled_form(asked)), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Save a search."""
    form = _offering(SearchForm())

    def act() -> Response:
        return _done("Saved", action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.post("/preview")
def preview() -> str:
    """Show what the search as typed finds now; save nothing."""
    form = _offering(SearchForm())
    form.read()
    return render_template("library/found.html", **_found_as_typed(form))


@bp.get("/<search>")
def show(search: str) -> str:
    """Show one saved search."""
    card = searches.card(database(), SearchId(search), now())
    return _drawer(_offering(_filled(card.saved)), card)


@bp.post("/<search>")
def save(search: str) -> Response | tuple[str, int]:
    """Change the search as typed."""
    card = searches.card(database(), SearchId(search), now())
    form = _offering(SearchForm())

    def act() -> Response:
        typed, seen = form.draft(), form.seen()
        saved = action.edit(database(), actor(), now(), card.saved.id, typed, seen)
        return _done("Changed", saved)

    return save_form(form, act, lambda wrong: _drawer(form, card, wrong), _filled(card.saved))


@bp.post("/<search>/remove")
def remove(search: str) -> Response:
    """Remove the search. The form names what it was seen to feed."""
    version, seen = number(request.form, "version"), request.form.getlist("feeding")[:500]
    gone = action.remove(database(), actor(), now(), SearchId(search), version, seen)
    return _done("Removed", gone)


@bp.post("/<search>/filler")
def filler(search: str) -> Response:
    """Let what the search finds fill gaps of a channel, or stop it."""
    channel, used = ChannelId(request.form.get("channel", "")), request.form.get("used") == "yes"
    action.set_filler(database(), actor(), now(), channel, SearchId(search), used)
    saved = searches.card(database(), SearchId(search), now()).saved
    name = grid.channel(database(), channel).name
    words = "fills gaps of" if used else "no longer fills gaps of"
    return _flashed(f"What {saved.draft.name} finds {words} {name}.", saved)


def _filled(saved: SavedSearch) -> SearchForm:
    return filled_form(saved.draft, saved.version)


def _offering(form: SearchForm) -> SearchForm:
    db = database()
    channels = [(channel.id, channel.name) for channel in grid.channels(db)]
    form.choose("channel", [("", "every channel"), *channels])
    cards = programs.program_cards(db, now())
    named = sorted((card.program.title, card.program.id) for card in cards)
    form.choose("program", [("", "any program"), *((id, title) for title, id in named)])
    return form


def _done(verb: str, saved: SavedSearch) -> Response:
    return _flashed(f"{verb} the search {saved.draft.name}.", saved)


def _flashed(text: str, saved: SavedSearch) -> Response:
    change = changes.latest(database(), "search", saved.id)
    return done(text, url_for("searches.home"), change.id if change else None)


def where(use: SearchUse) -> str:
    """Return the page of something that draws from a search; empty where it has none of its own."""
    if use.kind == "block":
        return url_for("blocks.show", block=use.key)
    if use.kind == "series":
        return url_for("series.show", series=use.key)
    return url_for("airings.show", airing=use.key) if use.kind == "airing" else ""


def _found_as_typed(form: SearchForm) -> dict[str, Any]:
    """Return what the search as typed finds now, or why none can be made of it, for the template
    `library/found.html`.
    """
    if form.errors.keys() - FIELDS_THAT_FIND_NOTHING - {"csrf_token"}:
        return {"unfound": form.unread()}
    wrong = {name: text for name, text in problems(form.draft()).items() if name != "name"}
    if wrong:
        return {"unfound": " ".join(wrong.values())}
    return {"found": searches.found_now(database(), form.draft(), now())}


def _drawer(form: SearchForm, card: SearchCard | None, wrong: str = "") -> str:
    db = database()
    filling = {use.key for use in card.uses if use.kind == "filler"} if card else set()
    return render_template(
        "library/saved_search.html",
        form=form,
        card=card,
        wrong=wrong,
        **({"found": card.found} if card else _found_as_typed(form)),
        action=url_for("searches.save", search=card.saved.id) if card else url_for("searches.add"),
        channels=grid.channels(db),
        filling=filling,
        where=where,
        may_plan=actor().may(Right.PLAN, card.saved.draft.channel if card else None),
    )
