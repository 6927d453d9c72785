"""The Flask app: pages for staff and viewers, calendar feeds, and the broadcast machines' API."""

from zoneinfo import ZoneInfo

from flask import Flask, Response, request
from flask_compress import Compress
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import times
from config.clock import Clock
from config.settings import Settings
from media.store import MediaStore
from scheduler.db.store import Database
from scheduler.domain.model.people import Right, named
from scheduler.domain.reported.states import outcome_words, state_word
from scheduler.feeds.lineup import Feeds
from scheduler.queries import grid, station
from scheduler.queries.button_effects import ButtonEffectCache
from scheduler.queries.public import PageMarks
from scheduler.reading.needed_files import NeededFiles
from web.alerts.contacts import bp as contacts
from web.alerts.views import bp as alerts
from web.gate import auth, security
from web.gate.account import bp as account
from web.gate.endpoints import ENDPOINTS, Access
from web.gate.session import bp as session
from web.host_api.homecoming import bp as host_files
from web.host_api.views import bp as host_api
from web.host_api.witness import bp as witness
from web.kit import bounds, errors, words
from web.kit.bounded_map import LogThrottle
from web.kit.context import SERVICES_KEY, Services, now, services
from web.kit.drawn_parts import DrawnParts
from web.kit.picture_cache import PicturesInMemory, PicturesInRows
from web.kit.presence import PresenceInMemory, PresenceInRows
from web.kit.tries import tries_of
from web.kit.typed import bp as typed
from web.kit.witness import make_witness
from web.library.asset import bp as asset
from web.library.asset_captions import bp as caption_lines
from web.library.asset_details import bp as details
from web.library.bulletins import bp as bulletins
from web.library.captions import bp as captions
from web.library.companions import bp as companions
from web.library.cuts import bp as cuts
from web.library.exports import bp as exports
from web.library.filler_proposals import bp as filler_proposals
from web.library.jobs import bp as jobs
from web.library.keeping import bp as keeping
from web.library.media import bp as media
from web.library.programs import bp as programs
from web.library.searches import bp as searches
from web.library.slide_proposals import bp as slide_proposals
from web.library.titles import bp as titles
from web.meetings.bodies import bp as bodies
from web.meetings.plans import bp as plans
from web.meetings.views import bp as meetings
from web.onair.graphics import bp as overlays
from web.onair.interventions import bp as live
from web.onair.views import bp as onair
from web.probes.metrics import metrics_look
from web.probes.readiness import readiness_look
from web.probes.token import metrics_token
from web.probes.views import bp as probes
from web.public.cache import PublicCache
from web.public.feeds import bp as feeds
from web.public.page import bp as public
from web.public.video import bp as video
from web.reports.views import bp as reports
from web.schedule.airings import bp as airings
from web.schedule.day import bp as day
from web.schedule.dryrun import bp as dryrun
from web.schedule.proposals import bp as proposals
from web.schedule.undo import bp as undo
from web.schedule.views import bp as schedule
from web.series.blocks import bp as blocks
from web.series.calendars import bp as calendars
from web.series.views import bp as series
from web.settings.backups import bp as backups
from web.settings.backups import folder_look
from web.settings.crawls import bp as crawls
from web.settings.graphics import bp as graphics
from web.settings.look import bp as look
from web.settings.machines import bp as machines
from web.settings.sources import bp as sources
from web.settings.views import bp as settings

VIEWS = (
    session,
    account,
    onair,
    schedule,
    airings,
    proposals,
    day,
    blocks,
    dryrun,
    meetings,
    plans,
    bodies,
    live,
    overlays,
    series,
    calendars,
    programs,
    *(media, jobs, titles, searches, asset, captions, caption_lines),
    *(companions, cuts, exports, details, keeping),
    filler_proposals,
    bulletins,
    slide_proposals,
    reports,
    settings,
    graphics,
    crawls,
    look,
    sources,
    alerts,
    contacts,
    backups,
    machines,
    typed,
    undo,
    probes,
    public,
    feeds,
    video,
)
NAV = (
    ("onair.desk", "On air"),
    ("schedule.home", "Schedule"),
    ("meetings.home", "Meetings"),
    ("programs.home", "Programs"),
    ("media.home", "Media"),
    ("bulletins.home", "Bulletins"),
    ("reports.home", "Reports"),
    ("alerts.home", "Alerts"),
    ("settings.home", "Settings"),
)
PAGES = {
    **{endpoint.split(".")[0]: words for endpoint, words in NAV},
    **dict.fromkeys(("plans", "bodies"), "Meetings"),
    **dict.fromkeys(
        ("asset", "jobs", "titles", "captions", "caption_lines", "details", "keeping", "searches"),
        "Media",
    ),
    **dict.fromkeys(("graphics", "look", "sources", "contacts", "backups", "machines"), "Settings"),
    "crawls": "Schedule",
}
"""The menu entry to highlight for each family of pages."""


def _menu() -> list[tuple[str, str]]:
    """Return the menu entries that the person who asks may open."""
    return [(endpoint, word) for endpoint, word in NAV if _may_open(ENDPOINTS[endpoint])]


def _may_open(needed: Access | Right) -> bool:
    signed_in = current_user.is_authenticated
    return not signed_in or isinstance(needed, Access) or current_user.actor.may(needed)


def create_app(house_settings: Settings, db: Database, clock: Clock) -> Flask:
    """Build the app. On SQLite it holds pictures and limits in memory, so run one process of it; on
    PostgreSQL several share them in rows.
    """
    app = Flask("web")
    app.request_class = bounds.NamedRequest
    security.configure(app, house_settings)
    _keep_public_answers(app, db, clock)
    _behind_proxies(app, house_settings.trusted_proxies)
    app.extensions[SERVICES_KEY] = _services(house_settings, db, clock)
    csrf = CSRFProtect(app)
    csrf.exempt(host_api)
    csrf.exempt(host_files)
    csrf.exempt(witness)
    app.before_request(_write_hours_as_the_station_does)
    auth.register(app)
    app.before_request(bounds.refuse_controls)
    app.before_request(_note_presence)
    errors.register(app)
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "text/calendar",
        "image/svg+xml",
    ]
    app.config.update(COMPRESS_STREAMS=False, SEND_FILE_MAX_AGE_DEFAULT=600)
    Compress(app)
    app.after_request(_read_whole)
    app.after_request(_close_unread)
    for family in (*VIEWS, host_api, host_files, witness):
        app.register_blueprint(family)
    _words(app, db)
    return app


def _services(settings: Settings, db: Database, clock: Clock) -> Services:
    return Services(
        settings,
        db,
        clock,
        MediaStore(settings.media_root),
        PicturesInMemory(clock.monotonic) if db.is_sqlite else PicturesInRows(db, clock),
        Feeds(db, settings.base_url, settings.domain),
        ButtonEffectCache(db),
        PresenceInMemory(clock.monotonic) if db.is_sqlite else PresenceInRows(db, clock),
        DrawnParts(),
        tries_of(db, clock),
        LogThrottle(clock.monotonic),
        readiness_look(db, clock),
        metrics_look(db, clock),
        metrics_token(settings),
        make_witness(settings.data_dir, db, clock),
        folder_look(settings.backup_folder, clock),
        NeededFiles(),
    )


def _keep_public_answers(app: Flask, db: Database, clock: Clock) -> None:
    hosts = app.config["TRUSTED_HOSTS"]
    app.wsgi_app = PublicCache(  # type: ignore[method-assign,assignment]
        app.wsgi_app, PageMarks(db).mark, clock, hosts
    )


def _behind_proxies(app: Flask, count: int) -> None:
    """Take the visitor's address from as many proxies as are our own; never host or scheme."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=0, x_host=0
        )


def _write_hours_as_the_station_does() -> None:
    if request.blueprint in (probes.name, witness.name):
        return  # they write no time of day, and answer while the database does not
    times.write_in(station.hours(services().db))


def _note_presence() -> None:
    if current_user.is_authenticated:
        where = PAGES.get(request.blueprint or "", "")
        services().presence.note(current_user.id, current_user.name, where)


def _read_whole(answer: Response) -> Response:
    """Read our own small files whole, so that they can be compressed and are surely closed."""
    if request.endpoint == "static" and answer.status_code == 200:
        answer.direct_passthrough = False
        answer.get_data()
    return answer


def _close_unread(answer: Response) -> Response:
    """Close the file of an answer without a body, a 304 or one to HEAD: Werkzeug leaves it open."""
    close = getattr(answer.response, "close", None)
    if close is not None and (answer.status_code == 304 or request.method == "HEAD"):
        close()
    return answer


def _words(app: Flask, db: Database) -> None:
    """Give templates the functions they call."""

    def desk_zone() -> str:
        channels = grid.channels(db)
        return channels[0].zone if channels else "UTC"

    app.jinja_env.globals.update(
        nav=_menu,
        named=named,
        pages=PAGES,
        station=app.extensions[SERVICES_KEY].settings.station,
        clock=words.clock,
        civil=words.civil,
        day=words.day,
        long_day=words.long_day,
        short_day=words.short_day,
        time_of_day=times.time_of_day,
        field_time=times.field_time,
        timecode=words.timecode,
        hours=times.hours_now,
        when=words.when,
        length=words.length,
        about=words.about,
        size=words.size,
        loudness=words.loudness,
        a_count=words.a_count,
        zone_of=ZoneInfo,
        zone_words=times.zone_words,
        epoch=lambda at: round(at.timestamp() * 1000),
        desk_zone=desk_zone,
        outcome_words=outcome_words,
        state_word=state_word,
    )
    app.context_processor(lambda: {"now": now()})
