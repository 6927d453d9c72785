"""Programs and series as cards, and the drawer of one program."""

from flask import Blueprint, Response, render_template, url_for

from scheduler.actions import programs as action
from scheduler.domain.model.ids import ProgramId
from scheduler.domain.model.program import Program
from scheduler.queries import changes, grid, programs
from web.kit import words
from web.kit.context import actor, database, done, now
from web.kit.file_offers import offer_files
from web.kit.saving import save_form
from web.library.cards import program_card, series_line
from web.library.forms import ProgramForm

bp = Blueprint("programs", __name__, url_prefix="/programs")


@bp.get("")
def home() -> str:
    """Show every program and series."""
    db, at = database(), now()
    known = {channel.id: channel for channel in grid.channels(db)}
    return render_template(
        "library/programs.html",
        cards=[program_card(card, known, at) for card in programs.program_cards(db, at)],
        series=[series_line(card, known, at) for card in programs.series_cards(db, at)],
    )


@bp.get("/new")
def new() -> str:
    """Show an empty form."""
    return _drawer(ProgramForm(formdata=None), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add a program."""
    form = _form()

    def act() -> Response:
        return _done("Added", action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.get("/<program>")
def show(program: str) -> str:
    """Show one program."""
    stored = programs.program_card(database(), ProgramId(program), now()).program
    return _drawer(_filled(stored), stored)


@bp.post("/<program>")
def save(program: str) -> Response | tuple[str, int]:
    """Save the program as typed."""
    stored = programs.program_card(database(), ProgramId(program), now()).program
    form = _form()

    def act() -> Response:
        typed, seen = form.draft(), form.seen()
        return _done("Changed", action.edit(database(), actor(), now(), stored.id, typed, seen))

    return save_form(form, act, lambda wrong: _drawer(form, stored, wrong), _filled(stored))


@bp.post("/<program>/retire")
def retire(program: str) -> Response:
    """Retire the program."""
    stored = programs.program_card(database(), ProgramId(program), now()).program
    retired = action.retire(database(), actor(), now(), stored.id, stored.version)
    return _done("Retired", retired)


def _form() -> ProgramForm:
    form = ProgramForm()
    offer_files(database(), form, "asset", "no file yet")
    return form


def _filled(program: Program) -> ProgramForm:
    fields = {
        name: getattr(program, name)
        for name in ("title", "summary", "category", "body", "link", "notes", "version")
    }
    return ProgramForm(formdata=None, asset=program.asset or "", **fields)


def _done(verb: str, program: Program) -> Response:
    change = changes.latest(database(), "program", program.id)
    return done(f"{verb} {program.title}.", url_for("programs.home"), change.id if change else None)


def _drawer(form: ProgramForm, program: Program | None, wrong: str = "") -> str:
    db, at = database(), now()
    offer_files(db, form, "asset", "no file yet")
    known = {channel.id: channel for channel in grid.channels(db)}
    views = programs.airings_of(db, program.id, at)[:12] if program else ()
    airings = [
        f"{words.when(v.airing.start, known[v.airing.channel].tz, at)}, "
        f"{known[v.airing.channel].name}"
        for v in views
        if v.airing.channel in known
    ]
    where = url_for("programs.save", program=program.id) if program else url_for("programs.add")
    return render_template(
        "library/program.html",
        form=form,
        program=program,
        wrong=wrong,
        airings=airings,
        action=where,
    )
