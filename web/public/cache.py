"""A cache of public answers before Flask, so that a thousand viewers cost what one does."""

import io
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import Accept
from werkzeug.http import is_resource_modified, parse_accept_header
from werkzeug.sansio.utils import host_is_trusted

from config.clock import Clock
from config.names import ChannelId
from scheduler.db.store import DatabaseError
from scheduler.domain.model.channel import SLUG

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
ANSWER_KEPT_FOR = timedelta(seconds=10)
"""Longest age of an answer. Even when nothing is edited, programs begin and end with time."""
ANSWERS_KEPT = 300
"""Most answers kept: one for each public page, feed and file, in each coding."""
CHANNEL_ADDRESS = re.compile(
    rf"/tv/({SLUG.pattern})(?:/now)?|/({SLUG.pattern})/(?:lineup|live)\.ics"
)
"""Addresses of pages and feeds that are cached. Any other text in a channel's place goes to the
app, which refuses text that a database query cannot carry."""
FILES = "/static/"
CODINGS = ("br", "gzip")
BODY_HEADERS = frozenset({"content-length", "content-type", "content-encoding"})


@dataclass(frozen=True)
class CachedAnswer:
    """An answer of the app, and the mark and instant it is valid for."""

    mark: object
    at: datetime
    headers: tuple[tuple[str, str], ...]
    etag: str
    modified: str
    body: bytes

    def say(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Send the answer, or 304 to a browser that has it already."""
        if not is_resource_modified(environ, self.etag or None, None, self.modified or None):
            start(
                "304 NOT MODIFIED", [header for header in self.headers if not _of_the_body(header)]
            )
            return ()
        start("200 OK", list(self.headers))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.body,)


class PublicCache:
    """A WSGI wrapper that asks the app only for answers it lacks or that are out of date.

    `mark` returns a value for a channel that changes whenever something viewers see has changed;
    None for a channel that does not exist.
    """

    def __init__(
        self,
        app: App,
        mark: Callable[[ChannelId], object | None],
        clock: Clock,
        hosts: list[str],
    ) -> None:
        self._app, self._mark, self._clock, self._hosts = app, mark, clock, hosts
        self._kept: OrderedDict[tuple[str, str], CachedAnswer] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Answer from the cache, else from the app."""
        mark = self._mark_of(environ)
        if mark is None or not host_is_trusted(environ.get("HTTP_HOST"), self._hosts):
            return self._app(environ, start)
        coding = coding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key, now = (environ["PATH_INFO"], coding), self._clock.utc()
        cached = self._kept.get(key)
        if cached is None or not _stands(cached, mark, now):
            with self._lock:  # of many callers at once, only one draws it
                cached = self._kept.get(key)
                if cached is None or not _stands(cached, mark, now):
                    cached = self._drawn(environ, key, mark, now)
        return self._app(environ, start) if cached is None else cached.say(environ, start)

    def _mark_of(self, environ: dict[str, Any]) -> object | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_RANGE" in environ:
            return None
        path = environ["PATH_INFO"]
        if path.startswith(FILES):
            return FILES
        match = CHANNEL_ADDRESS.fullmatch(path)
        try:
            return self._mark(ChannelId(match[1] or match[2])) if match else None
        except DatabaseError:
            return None  # the app says so, on a page

    def _drawn(
        self, environ: dict[str, Any], key: tuple[str, str], mark: object, now: datetime
    ) -> CachedAnswer | None:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _broken: Any = None) -> None:
            started.append((status, headers))

        parts = self._app(_plain(environ, key[1]), start)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        status, headers = started[-1]
        if not status.startswith("200"):
            return None
        named = {name.lower(): value for name, value in headers}
        etag, modified = named.get("etag", ""), named.get("last-modified", "")
        answer = CachedAnswer(mark, now, tuple(headers), etag, modified, body)
        self._kept[key] = answer
        while len(self._kept) > ANSWERS_KEPT:
            self._kept.popitem(last=False)
        return answer


@lru_cache(maxsize=256)
def coding_of(accepts: str) -> str:
    """Return the best coding for this Accept-Encoding; `identity` where it accepts none of ours."""
    accepted = parse_accept_header(accepts, Accept)
    return next((coding for coding in CODINGS if accepted.quality(coding) > 0), "identity")


def _stands(cached: CachedAnswer, mark: object, now: datetime) -> bool:
    return cached.mark == mark and timedelta(0) <= now - cached.at < ANSWER_KEPT_FOR


def _of_the_body(header: tuple[str, str]) -> bool:
    return header[0].lower() in BODY_HEADERS


def _plain(environ: dict[str, Any], coding: str) -> dict[str, Any]:
    """Return the request without cookie, condition and query: its answer then suits everybody."""
    question = {name: value for name, value in environ.items() if not name.startswith("HTTP_")}
    return question | {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "",
        "HTTP_HOST": environ["HTTP_HOST"],
        "HTTP_ACCEPT_ENCODING": coding,
        "wsgi.input": io.BytesIO(),
    }
