"""The broadcast machine's API: it pulls plan and commands, and pushes reports and pictures."""

import re
from dataclasses import replace

from flask import Blueprint, Response, g, make_response, request

from config.bounded import without_controls
from config.names import AssetKey, ChannelId
from playout.model.history import ServerKnowledge
from playout.model.holdings import READS_HOLDINGS
from playout.model.identity import MACHINE_HEADER, identity_of
from playout.model.plan import Plan
from playout.model.wire import (
    READS,
    READS_HEADER,
    Commands,
    Report,
    WireError,
    decode,
    encode,
)
from playout.model.wire_before import ack_for, commands_for, plan_for, reads_of
from playout.state.air_state import AirState
from playout.timing.choosing import resolve_choices
from scheduler.actions import homecoming, hosts, reports, resting
from scheduler.domain.air.machines import Caller
from scheduler.domain.model.hosts import Host
from scheduler.queries import alert_pages, host_api
from web.kit.bounds import number
from web.kit.context import database, now, services
from web.kit.errors import address, log_refusal
from web.kit.files import send_stored
from web.kit.picture_cache import source_pictures

bp = Blueprint("api_host", __name__, url_prefix="/api/v1/host/<channel>")

METER_LIMIT = 2000
TAG_LETTERS = 64
"""Longest tag: a SHA-256 in hexadecimal."""
PICTURE_LIMIT = 1024 * 1024
REFUSAL_LOGGED_EVERY = 60.0
"""Seconds between log lines about one refused machine, which asks twice a second."""


@bp.before_request
def by_key() -> Response | None:
    """Admit only a machine whose key covers this channel; a refusal says how to fix it."""
    key = bearer(request.headers.get("Authorization", ""))
    host: Host | None = hosts.host_by_key(database(), key) if key else None
    if host is None:
        sentence = (
            "This address needs the key of a broadcast machine. Create one under Settings, "
            "Broadcast machines, and set it as host_key."
        )
        _note("no machine with this key", "a stranger", address())
        return refused(401, sentence)
    channel = ChannelId((request.view_args or {}).get("channel", ""))
    if not host.serves(channel):
        sentence = (
            f"The key of {host.name} does not cover {channel}. Add the channel to it under "
            "Settings, Broadcast machines."
        )
        _note(f"its key does not cover {channel}", host.name, host.name)
        return refused(403, sentence)
    if not host_api.is_channel(database(), channel):
        return refused(404, f"There is no channel {channel}. Add it under Settings, Channels.")
    g.host = host
    return None


@bp.after_request
def say_what_is_read(answer: Response) -> Response:
    """Name in each answer how much of a report this version reads."""
    answer.headers[READS_HEADER] = str(READS)
    return answer


@bp.get("/plan")
def plan(channel: str) -> Response:
    """Answer with the newest plan; 304 while the machine already has it."""
    digest = host_api.published_digest(database(), ChannelId(channel))
    if digest and digest in _tags(request.headers.get("If-None-Match", "")):
        unchanged = make_response("", 304)
        unchanged.headers["ETag"] = f'"{digest}"'
        return unchanged
    newest = host_api.published_plan(database(), ChannelId(channel))
    if newest is None:
        return refused(404, f"No plan is published for {channel} yet. Is the scheduler running?")
    reads = reads_of(request.headers.get(READS_HEADER, ""))
    answer = as_json(plan_for(newest.body, reads, _chosen))
    answer.headers["ETag"] = newest.etag
    return answer


def _chosen(plan: Plan) -> Plan:
    """Choose for a machine that knows no saved searches."""
    return resolve_choices(plan, AirState())


@bp.get("/commands")
def commands(channel: str) -> Response:
    """Answer with the commands after the one numbered `?after=N` whose id is `&heard=ID`."""
    after, heard = number(request.args, "after"), request.args.get("heard", "")
    known = host_api.may_obey(database(), ChannelId(channel), _caller(), now())
    newer = host_api.commands_after(database(), ChannelId(channel), after, heard) if known else ()
    reads = reads_of(request.headers.get(READS_HEADER, ""))
    return as_json(encode(Commands(commands=commands_for(newer, reads))))


@bp.post("/report")
def report(channel: str) -> Response:
    """Store status, expected rundown and journal entries, and acknowledge what was stored."""
    try:
        sent = decode(Report, without_controls(request.get_data()))
    except WireError as error:
        return refused(422, str(error))
    if sent.status.channel != channel:
        return refused(422, f"This address belongs to {channel}, not to {sent.status.channel}.")
    pictures = services().pictures
    ack = reports.accept_report(
        database(),
        ChannelId(channel),
        sent,
        now(),
        caller=_caller(sent.status.host),
        told=ServerKnowledge(
            plan=next(iter(_tags(request.args.get("plan", ""))), "")[:TAG_LETTERS],
            expected=request.args.get("expected", "")[:TAG_LETTERS],
            acknowledged=request.args.get("acknowledged", ""),
        ),
        watching=pictures.watched(channel),
        looking=pictures.watched_under(source_pictures(channel)),
    )
    stopped = alert_pages.scheduler_away(database(), now())
    reads = reads_of(request.headers.get(READS_HEADER, ""))
    return as_json(encode(ack_for(replace(ack, scheduler_away=stopped), reads), lean=True))


def _caller(name: str = "") -> Caller:
    """Return the machine that asks; `name` is its own name for itself, which only a report has."""
    identity = identity_of(request.headers.get(MACHINE_HEADER, ""))
    return Caller(g.host.id, name, address(), identity)


@bp.post("/picture")
def picture(channel: str) -> Response:
    """Store the newest program picture and meter, in memory only."""
    return _keep(channel)


@bp.post("/sources/<source>/picture")
def source_picture(channel: str, source: str) -> Response:
    """Store the picture of a source that somebody watches before air."""
    name = f"{source_pictures(channel)}{source}"
    if not services().pictures.watched(name):
        return make_response("", 204)  # nobody watches any more, or the source does not exist
    return _keep(name)


def _keep(name: str) -> Response:
    jpeg = request.get_data()
    meter = request.headers.get("X-Gavel-Meter", "")
    if not jpeg.startswith(b"\xff\xd8") or len(meter) > METER_LIMIT or len(jpeg) > PICTURE_LIMIT:
        return refused(422, "Send one JPEG picture as the body and a small meter in its header.")
    services().pictures.put(name, jpeg, meter)
    return make_response("", 204)


@bp.get("/media/<key>")
def media(channel: str, key: str) -> Response:
    """Answer with the bytes of one file, resumable by Range; a key always names the same bytes.

    A machine of a version before 16 asks with HEAD whether it may let its copy go.
    """
    del channel
    suffix = host_api.media_suffix(database(), AssetKey(key))
    if suffix is None or not services().store.has(AssetKey(key), suffix):
        # A machine that asks with HEAD wants to let its own copy go, so nothing need come back.
        if request.method == "GET" and resting.want(database(), AssetKey(key), now()):
            return refused(404, "It comes back from the archive. Ask again in a minute.")
        return refused(404, "No file with this key is in the library.")
    before = reads_of(request.headers.get(READS_HEADER, "")) < READS_HOLDINGS
    if request.method == "HEAD" and before and not may_go(AssetKey(key)):
        return refused(404, "Too few copies of this file would be left.")
    path = services().store.path(AssetKey(key), suffix)
    answer = send_stored(path, "application/octet-stream", key)
    answer.headers["Cache-Control"] = "private, immutable, max-age=31536000"
    return answer


def may_go(key: AssetKey) -> bool:
    """Return whether the machine that asks may delete its copy; if so, it no longer counts."""
    return homecoming.let_go(database(), g.host, key, now())


def bearer(header: str) -> str:
    """Return the key in an Authorization header; empty where there is none."""
    scheme, _, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def refused(code: int, sentence: str) -> Response:
    """Return a refusal as JSON."""
    answer = make_response({"error": sentence}, code)
    if code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _note(why: str, who: str, once_for: str) -> None:
    if services().log_throttle.due(once_for, REFUSAL_LOGGED_EVERY):
        log_refusal(why, who)


def as_json(body: bytes) -> Response:
    """Return a message as the answer; nobody between server and machine may keep it."""
    answer = make_response(body)
    answer.mimetype = "application/json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _tags(header: str) -> set[str]:
    """Return the bare digests of an ETag header; compression adds a suffix inside the quotes."""
    bare = (tag.strip().removeprefix("W/").strip('"') for tag in header.split(","))
    return {re.sub(r":\w+$", "", tag) for tag in bare}
