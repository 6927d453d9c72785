"""Pages of who is told of alerts, with a test that really sends."""

from flask import Blueprint, Response, render_template, request, url_for

from config.alert_settings import AlertSettings
from config.times import from_to, length
from playout.notify.notifier import OutgoingMessage
from playout.notify.ways import notifiers, send_by
from scheduler.actions import contacts as action
from scheduler.domain.model.alerts import ContactDraft, KnownContact, Way
from scheduler.domain.series.patterns import WEEKDAY_NAMES, joined
from scheduler.ids import new_id
from scheduler.queries import alert_pages, changes, grid
from web.alerts.forms import SEVERITIES, ContactForm, empty, filled
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services
from web.kit.saving import save_form

bp = Blueprint("contacts", __name__, url_prefix="/settings/alerts")
TEST_TEXT = (
    "This is a test from the settings page of Gavel at {station}. Nothing is wrong. "
    "If you can read this, alerts reach you."
)


@bp.get("")
def home() -> str:
    """Show who is told, and what the settings file provides."""
    return _page()


@bp.get("/new")
def new() -> str:
    """Show an empty form."""
    return _drawer(_offering(empty()), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add a contact."""
    form = _offering(ContactForm())

    def act() -> Response:
        return _said("Added", action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.get("/<contact>")
def show(contact: str) -> str:
    """Show the contact as saved."""
    before = alert_pages.contact(database(), contact)
    return _drawer(_offering(filled(before)), before)


@bp.post("/<contact>")
def save(contact: str) -> Response | tuple[str, int]:
    """Save what was typed."""
    before, form = alert_pages.contact(database(), contact), _offering(ContactForm())

    def act() -> Response:
        draft, seen = form.draft(), form.seen()
        return _said("Changed", action.edit(database(), actor(), now(), before.id, draft, seen))

    def again(wrong: str) -> str:
        return _drawer(form, before, wrong)

    return save_form(form, act, again, _offering(filled(before)))


@bp.post("/<contact>/remove")
def remove(contact: str) -> Response:
    """Tell this contact no more."""
    version = number(request.form, "version")
    return _said("Removed", action.remove(database(), actor(), now(), contact, version))


@bp.post("/<contact>/test")
def test(contact: str) -> str:
    """Send a test message now, and show what the far end answered."""
    to, settings = alert_pages.contact(database(), contact), services().settings
    message = OutgoingMessage(
        new_id(),
        f"{settings.station}: test of alerts",
        TEST_TEXT.format(station=settings.station) + "\n",
        now(),
    )
    why = send_by(notifiers(settings), to.draft.way.value, to.draft.target, message)
    return _page(to, why)


def _page(tested: KnownContact | None = None, why: str = "") -> str:
    given = services().settings.alerts
    return render_template(
        "alerts/contacts.html",
        contacts=alert_pages.contacts(database()),
        in_words=_in_words,
        tested=tested,
        why=why,
        mail=_mail_words(given),
        given=given,
    )


def _mail_words(given: AlertSettings) -> str:
    """Return how mail leaves, without user or password; empty where no mail server is set."""
    mail = given.mail
    if not mail.host:
        return ""
    secured = {"starttls": "STARTTLS", "tls": "TLS", "none": "not encrypted"}[mail.security]
    return f"{mail.host}, port {mail.port}, {secured}"


def _in_words(draft: ContactDraft) -> str:
    """Return how and when a contact is told, in one line."""
    channels = "every channel" if draft.channels is None else ", ".join(sorted(draft.channels))
    parts = [f"{draft.way.value} to {draft.target}", channels, dict(SEVERITIES)[draft.least.value]]
    if draft.after:
        parts.append(f"after {length(draft.after)} without an acknowledgement")
    if draft.remind is not None:
        parts.append(f"reminded every {length(draft.remind)}")
    days = sorted(draft.days)
    if len(days) < 7:
        parts.append(joined([WEEKDAY_NAMES[day] for day in days]))
    if draft.starts != draft.until:
        hours = from_to(draft.starts, draft.until)
        parts.append(f"{hours}{', urgent at any hour' if draft.urgent_any_time else ''}")
    return " · ".join(parts)


def _offering(form: ContactForm) -> ContactForm:
    form.choose("channels", ((one.id, one.name) for one in grid.channels(database())))
    return form


def _said(verb: str, contact: KnownContact) -> Response:
    change = changes.latest(database(), "contact", contact.id)
    words = f"{verb} {contact.name}."
    return done(words, url_for("contacts.home"), change.id if change else None)


def _drawer(form: ContactForm, found: KnownContact | None, wrong: str = "") -> str:
    to = url_for("contacts.save", contact=found.id) if found else url_for("contacts.add")
    return render_template(
        "alerts/contact.html", form=form, contact=found, wrong=wrong, action=to, mail=Way.MAIL
    )
