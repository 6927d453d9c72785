"""The conversation with the server. Every failure means: keep what you have and try again soon."""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import httpx

from config.readjson import parse_json, read_bounded, read_json
from config.wholefile import safe
from media.store import MediaError, MediaStore
from playout.host.answers import (
    MOST_PLAN_BYTES,
    ServerAnswer,
    ask,
    body_chunks,
    open_answer,
)
from playout.host.mailbox import Mailbox
from playout.host.refusal import Culprit, RefusalSearch
from playout.model.history import HistoryMark, ServerKnowledge, digest, tag_of
from playout.model.plan import Media, Plan
from playout.model.rundown import Rundown
from playout.model.wire import (
    READS_HEADER,
    READS_UNNAMED,
    Ack,
    Commands,
    Report,
    WireError,
    decode,
)
from playout.model.wire_before import encode_report, reads_of

log = logging.getLogger(__name__)

SYNC_EVERY = 0.5
"""Seconds between two rounds with the server."""
SYNC_EVERY_WATCHED = 0.1
"""The same while someone has the On-air page open."""
REPORT_EVERY = 1.0
NO_CONTACT = "No contact with the server"
PERMANENT_REFUSALS = (413, 422)
"""Status codes that trying the same report again will not change: too large, and unreadable."""
PICTURE_OLD_AFTER = 5.0
"""Seconds after which a source's picture belongs to an earlier look."""
CHUNK_BYTES = 1 << 20
FETCH_SECONDS = 600.0
"""Seconds that one try at a file may take; the next try continues where it stopped."""


class ServerSync:
    """One channel's conversation. `turn` does one round; a failure is noted and not raised."""

    def __init__(
        self, client: httpx.Client, mailbox: Mailbox, watch: Path, heard: HistoryMark | None = None
    ) -> None:
        self.client, self.mailbox, self.watch = client, mailbox, watch
        self.heard = heard or HistoryMark()
        """The last command heard."""
        self.etag = ""
        self.watching = False
        self._search = RefusalSearch()
        self._why = ""
        """The server's words at its last refusal."""
        self._sent: Rundown | None = None
        """The rundown that the server should have."""
        self._sent_tag = ""
        self._reads = READS_UNNAMED
        """The version of the report format that the server reads (`wire.READS`)."""

    def know(self, plan: Plan) -> None:
        """Note the plan that is already on disk, so that the server does not send it again."""
        self.etag = f'"{digest(plan)}"'

    def turn(self, *, report: bool = True) -> None:
        """Ask for commands and a plan; with `report`, report what is on air."""
        try:
            self._commands()
            self._plan()
            if report:
                self._report()
            if self.watching:
                self._picture()
            for source in self.mailbox.looking:
                self._look(source)
        except (httpx.HTTPError, WireError, OSError) as error:
            self._silent(error)
            return
        if self.mailbox.problem:
            log.info("The server responds again.")
        self.mailbox.problem = ""

    def _silent(self, error: Exception) -> None:
        words = f"{NO_CONTACT}: {_in_words(error)}"
        if not self.mailbox.problem:
            log.warning("%s. The channel continues by itself.", words)
        self.mailbox.problem = words
        self.watching = False
        self.mailbox.looking = ()

    def _commands(self) -> None:
        # Number and id: after a restore the server may give the same number to another command.
        known = {"after": str(self.heard.number), "heard": self.heard.id}
        answer = ask(self.client, "GET", "commands", params=known)
        self._reads = reads_of(answer.headers.get(READS_HEADER, ""))
        commands = decode(Commands, answer.content).commands
        if not commands:
            return
        with self.mailbox.lock:
            self.mailbox.commands.extend(commands)
        last = max(commands, key=lambda command: command.number)
        self.heard = HistoryMark(last.number, last.id)

    def _plan(self) -> None:
        known = {"If-None-Match": self.etag} if self.etag else {}
        answer = ask(self.client, "GET", "plan", headers=known, most=MOST_PLAN_BYTES)
        if answer.status in (304, 404):
            return
        plan = decode(Plan, answer.content)
        self.etag = answer.headers.get("ETag", "")
        with self.mailbox.lock:
            self.mailbox.plan, self.mailbox.tag = plan, self.etag

    def _report(self) -> None:
        with self.mailbox.lock:
            status, expected = self.mailbox.status, self.mailbox.expected
            told = self.mailbox.told
            entries = tuple(self.mailbox.entries)
            plan, acknowledged = self.mailbox.in_force, self.mailbox.acknowledged
        if status is None:
            return
        tag = self._sent_tag if expected is None else tag_of(expected)
        waiting = expected
        expected, part = self._search.part(expected, entries)
        known = ServerKnowledge(plan, tag, acknowledged)
        report = Report(replace(status, told=told), expected, tuple(part))
        body = encode_report(report, self._reads)
        answer = ask(
            self.client,
            "POST",
            "report",
            params=asdict(known),
            content=body,
            takes=PERMANENT_REFUSALS,
        )
        if answer.status in PERMANENT_REFUSALS:
            self._refused(self._search.refused(expected, part), _said(answer), waiting)
            return
        ack = decode(Ack, answer.content)
        if self._search.taken(waiting) is Culprit.ENTRY:
            with self.mailbox.lock:
                self.mailbox.refused = self._search.suspect, self._why
        self._sent, self._sent_tag = expected or self._sent, tag
        with self.mailbox.lock:
            self.mailbox.ack, self.mailbox.scheduler_away = ack, ack.scheduler_away
            # The agent may have left a newer rundown meanwhile; that one must still be sent.
            if self.mailbox.expected is expected:
                self.mailbox.expected = self._sent if ack.wants_expected else None
        self.watching = ack.watching or bool(ack.looking)
        self.mailbox.looking = ack.looking

    def _refused(self, culprit: Culprit | None, why: str, waiting: Rundown | None) -> None:
        """Go on without the part that the server refuses for good, and log it.

        Raises WireError if it is the status: then nothing can be reported at all.
        """
        self._why = why
        if culprit is Culprit.STATUS:
            raise WireError(f"it refuses what this machine says: {why}")
        if culprit is Culprit.RUNDOWN:
            log.warning("The server refuses the rundown: %s", why)
            with self.mailbox.lock:
                if self.mailbox.expected is waiting:
                    self.mailbox.expected = None

    def _picture(self) -> None:
        """Ask the monitor for pictures by touching `wanted`, and push the newest."""
        self.watch.mkdir(parents=True, exist_ok=True)
        (self.watch / "wanted").touch()
        picture = self.watch / "picture.jpg"
        if not picture.is_file():
            return
        meter = read_meter(self.watch / "meter.json")
        headers = {"Content-Type": "image/jpeg", "X-Gavel-Meter": json.dumps(meter or {})}
        self._push("picture", picture, headers)

    def _look(self, source: str) -> None:
        """Push the newest picture and levels of a source, if its live deck left them."""
        picture = self.watch / f"source-{safe(source)}.jpg"
        if not _young(picture, self.watch / "wanted"):
            return
        meter = read_meter(picture.with_suffix(".json"))
        headers = {"Content-Type": "image/jpeg", "X-Gavel-Meter": json.dumps(meter or {})}
        self._push(f"sources/{source}/picture", picture, headers)

    def _push(self, path: str, picture: Path, headers: dict[str, str]) -> None:
        """Push one picture. A server that does not want it is still in contact."""
        with suppress(httpx.HTTPStatusError):
            ask(self.client, "POST", path, content=read_bounded(picture), headers=headers)


def _young(picture: Path, request: Path) -> bool:
    """Return whether the picture belongs to this look, not to an earlier one."""
    try:
        return request.stat().st_mtime - picture.stat().st_mtime < PICTURE_OLD_AFTER
    except OSError:
        return False


def _in_words(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        code = error.response.status_code
        if code == 403:
            return "this machine's host key does not cover this channel"
        if code == 401:
            return "it does not accept this machine's host key"
        return f"it answered {code} to {error.request.method} {error.request.url.path}"
    return str(error) or type(error).__name__


def _said(answer: ServerAnswer) -> str:
    """Return the words of a refusal, as far as there are any."""
    try:
        body = parse_json(answer.content)
        return str(body.get("advice") or body.get("error"))[:300]
    except (ValueError, AttributeError):
        return f"it answered {answer.status}"


def read_meter(path: Path) -> dict[str, float | bool | str | None] | None:
    """Return what the monitor measured last; None if there is nothing."""
    try:
        meter = read_json(path)
    except (OSError, ValueError):
        return None
    if not isinstance(meter, dict):
        return None
    plain = (float, int, bool, str, type(None))
    return {str(name): value for name, value in meter.items() if isinstance(value, plain)}


def fetch(
    client: httpx.Client, store: MediaStore, media: Media, came: Callable[[int], None] | None = None
) -> str:
    """Fetch one file from where the last try stopped; `came` hears the bytes of each piece and may
    wait. Return what went wrong, in words, or "".
    """
    partial = store.writer(media.key, media.suffix, media.size)
    have = partial.offset()

    def write(piece: bytes) -> None:
        partial.write(piece)
        if came is not None:
            came(len(piece))

    try:
        if have < media.size:
            _stream(client, media, have, write)
        partial.commit()
    except MediaError as error:
        return str(error)
    except (httpx.HTTPError, OSError) as error:
        return f"{media.key[:12]} could not be fetched: {error or type(error).__name__}"
    return ""


def _stream(client: httpx.Client, media: Media, have: int, write: Callable[[bytes], None]) -> None:
    """Write what arrives, at most the declared size, for at most FETCH_SECONDS.

    What arrived by then is kept, and the next try goes on from there.
    """
    headers = {"Range": f"bytes={have}-"} if have else {}
    path = f"media/{media.key}"
    with open_answer(client, "GET", path, within=FETCH_SECONDS, headers=headers) as answer:
        answer.raise_for_status()
        if have and answer.status_code != 206:
            raise httpx.RemoteProtocolError("the server does not resume where it stopped")
        for piece in body_chunks(answer, media.size - have, CHUNK_BYTES):
            write(piece)
