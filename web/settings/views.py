"""Settings pages: station, channels, broadcast machines and people."""

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from config.times import Hours, known_zones
from scheduler.actions import channels as channel_action
from scheduler.actions import hosts as host_action
from scheduler.actions import people as people_action
from scheduler.actions import station as station_action
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import STATION_KEY, HostId, PersonId
from scheduler.domain.model.people import Role, named
from scheduler.queries import changes, grid, people, sources, station
from scheduler.refusals import Refused
from web.kit.context import actor, database, done, now, services
from web.kit.role_words import ROLE_WORDS
from web.kit.saving import save_form
from web.settings.forms import ChannelForm, HostForm

bp = Blueprint("settings", __name__, url_prefix="/settings")

KEY_ADVICE = "It is shown this once. Put it into host_key on the broadcast machine."
LINK_ADVICE = "It works once, within a day. Deliver it yourself; whoever opens it gets the account."


@bp.get("")
def home() -> str:
    """Show all settings on one page."""
    return _page()


@bp.post("/caption-names")
def caption_names() -> Response:
    """Set the names that automatic captions should spell right."""
    names = request.form.get("names", "")
    station_action.set_caption_names(database(), actor(), now(), names)
    change = changes.latest(database(), "station", STATION_KEY)
    text = "Automatic captions now spell these names."
    return done(text, url_for("settings.home"), change.id if change else None)


@bp.post("/file-fields")
def file_fields() -> Response:
    """Set the names of the fields that the station adds to its files."""
    station_action.set_asset_fields(database(), actor(), now(), request.form.get("fields", ""))
    change = changes.latest(database(), "station", STATION_KEY)
    text = "Each file now has these fields."
    return done(text, url_for("settings.home"), change.id if change else None)


@bp.post("/hours")
def hours() -> Response:
    """Choose how times of day are written everywhere: 12 or 24 hours."""
    try:
        chosen = Hours(request.form.get("hours", ""))
    except ValueError as error:
        raise Refused(message="Choose 12 or 24 hours.") from error
    station_action.set_hours(database(), actor(), now(), chosen)
    change = changes.latest(database(), "station", STATION_KEY)
    text = f"Times are written with {chosen.value} hours."
    return done(text, url_for("settings.home"), change.id if change else None)


@bp.get("/channels/new")
def new_channel() -> str:
    """Show an empty form."""
    form = ChannelForm(formdata=None, zone="America/New_York", format="1280x720@30000/1001")
    return _drawer(form, None)


@bp.post("/channels")
def add_channel() -> Response | tuple[str, int]:
    """Add the channel."""
    form = ChannelForm()

    def act() -> Response:
        return _said("Opened", channel_action.add(database(), actor(), now(), form.draft()))

    return save_form(form, act, lambda wrong: _drawer(form, None, wrong))


@bp.get("/channels/<channel>")
def channel(channel: str) -> str:
    """Show the channel as saved."""
    before = grid.channel(database(), ChannelId(channel))
    return _drawer(_filled(before), before)


@bp.post("/channels/<channel>")
def save_channel(channel: str) -> Response | tuple[str, int]:
    """Save what was typed."""
    before, form = grid.channel(database(), ChannelId(channel)), ChannelForm()

    def act() -> Response:
        draft, seen = form.draft(), form.seen()
        changed = channel_action.edit(database(), actor(), now(), before.id, draft, seen)
        return _said("Changed", changed)

    return save_form(form, act, lambda wrong: _drawer(form, before, wrong), _filled(before))


@bp.post("/hosts")
def add_host() -> str | tuple[str, int]:
    """Create a key for a broadcast machine; this answer shows it once, and no other will."""
    form = HostForm()
    try:
        host, key = host_action.add_host(database(), actor(), now(), form.name.data or "")
    except Refused as refused:
        form.blame(refused)
        return _page(host_form=form), 422
    return _page({"words": f"The key of {host.name}", "text": key, "advice": KEY_ADVICE})


@bp.post("/hosts/<host>/key")
def renew_host(host: str) -> str:
    """Create a new key for the machine; the old one stops working at once."""
    key = host_action.renew_key(database(), actor(), now(), HostId(host))
    return _page({"words": "The new key", "text": key, "advice": KEY_ADVICE})


@bp.post("/hosts/<host>/revoke")
def revoke_host(host: str) -> Response:
    """Revoke the machine's access."""
    host_action.revoke_host(database(), actor(), now(), HostId(host))
    return done("The machine's access is revoked.", url_for("settings.home"))


@bp.post("/hosts/<host>/channels")
def host_channels(host: str) -> Response:
    """Limit the machine's key to some channels, or allow all."""
    chosen = frozenset(map(ChannelId, request.form.getlist("channel")))
    only = None if request.form.get("reach") == "all" else chosen
    if chosen - {channel.id for channel in grid.channels(database())}:
        raise Refused(message="One of these channels no longer exists. Check the list again.")
    changed = host_action.set_channels(database(), actor(), now(), HostId(host), only)
    opens = "every channel" if only is None else "the chosen channels"
    text = f"The key of {changed.name} covers {opens}."
    return done(text, url_for("settings.home"))


@bp.post("/people/invite")
def invite() -> str:
    """Show a one-time link for a new person."""
    token = people_action.invite(database(), actor(), now(), *_roles())
    return _link("The link for a new person", token)


@bp.post("/people/<person>/password-link")
def password_link(person: str) -> str:
    """Show a one-time link to choose a new password."""
    token = people_action.password_link(database(), actor(), now(), PersonId(person))
    return _link("The link to choose a new password", token)


@bp.post("/people/links/<link>/revoke")
def revoke_link(link: str) -> Response:
    """Revoke a one-time link."""
    people_action.revoke_link(database(), actor(), now(), link)
    return done("The link is revoked.", url_for("settings.home"))


@bp.post("/people/<person>/role")
def role(person: str) -> Response:
    """Set the person's roles."""
    changed = people_action.set_roles(database(), actor(), now(), PersonId(person), *_roles())
    return done(f"{changed.name} is now {named(changed.roles)}.", url_for("settings.home"))


@bp.post("/people/<person>/active")
def active(person: str) -> Response:
    """Deactivate the account, or activate it again."""
    activate = bool(request.form.get("active"))
    changed = people_action.set_active(database(), actor(), now(), PersonId(person), activate)
    text = f"The account of {changed.name} is {'active again' if activate else 'deactivated'}."
    return done(text, url_for("settings.home"))


def _roles() -> list[Role]:
    try:
        return [Role(one) for one in request.form.getlist("role")]
    except ValueError as error:
        raise Refused(message="Choose roles from the list.") from error


def _link(words: str, token: str) -> str:
    address = f"{services().settings.base_url}{url_for('session.welcome', token=token)}"
    return _page({"words": words, "text": address, "advice": LINK_ADVICE})


def _page(secret: Mapping[str, str] | None = None, host_form: HostForm | None = None) -> str:
    db = database()
    return render_template(
        "settings/settings.html",
        secret=secret,
        channels=grid.channels(db),
        hosts=people.hosts(db),
        people=people.people(db),
        links=people.links(db, now()),
        sources=sources.sources(db),
        roles=ROLE_WORDS,
        caption_names=station.caption_names(db),
        file_fields=station.file_fields(db),
        host_form=host_form or HostForm(formdata=None),
    )


def _filled(found: Channel) -> ChannelForm:
    return ChannelForm(
        formdata=None,
        slug=found.id,
        name=found.name,
        numbers=found.numbers,
        zone=found.zone,
        format=found.format,
        station=found.station,
        slate_text=found.slate_text,
        watch=found.watch,
        repeat_minutes=round(found.filler_no_repeat.total_seconds() / 60),
        version=str(found.version),
    )


def _said(verb: str, channel: Channel) -> Response:
    change = changes.latest(database(), "channel", channel.id)
    text = f"{verb} {channel.name}."
    return done(text, url_for("settings.home"), change.id if change and verb != "Opened" else None)


def _drawer(form: ChannelForm, found: Channel | None, wrong: str = "") -> str:
    to = (
        url_for("settings.save_channel", channel=found.id)
        if found
        else url_for("settings.add_channel")
    )
    zones = sorted(zone for zone in known_zones() if "/" in zone)
    return render_template(
        "settings/channel.html", form=form, channel=found, wrong=wrong, action=to, zones=zones
    )
