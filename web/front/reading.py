"""Reading the head of a request with gunicorn's parser, and what the front needs from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.http.parser import RequestParser

from web.front.connection import Connection, RequestBody
from web.front.lanes import lane_of

HEAD_END = b"\r\n\r\n"
LONGEST_HEAD = 32 * 1024


class HeadRefused(Exception):
    """The request cannot be taken; answer with this code and sentence and close the connection."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code = code
        self.said = said


@dataclass(frozen=True)
class RequestHead:
    """The parts of a head that decide which lane answers it and when its body must be complete."""

    length: int
    has_session: bool
    forwarded: tuple[str, ...]
    """Lines of X-Forwarded-For, in order."""
    expects: bool
    """True if the caller waits for `100 Continue` before it sends its body."""


def head_of(
    connection: Connection, settings: Any, cookie: str, seconds: Callable[[], float]
) -> RequestHead | None:
    """Read the head and set request, body, length and lane of `one`; return None until it is whole.

    Raises HeadRefused for what is not HTTP, for a body without a length (it could go on for ever)
    and for one that is too large.
    """
    end = connection.data.find(HEAD_END, max(0, connection.begun - len(HEAD_END)))
    connection.begun = len(connection.data)
    if end < 0 or end + len(HEAD_END) > LONGEST_HEAD:
        if connection.begun > LONGEST_HEAD:
            raise HeadRefused(431, "The head of this request is too long.")
        return None
    connection.begun = end + len(HEAD_END)
    connection.body = RequestBody(
        bytes(connection.data[: connection.begun]), connection.sock, seconds
    )
    try:
        connection.request = next(RequestParser(settings, connection.body, connection.client))
    except (ParseException, NoMoreData, StopIteration) as error:
        raise HeadRefused(400, "This request cannot be read.") from error
    head = _asked(connection.request, cookie)
    connection.whole = connection.begun + head.length
    lane = lane_of(connection.request.path, head.length, has_session=head.has_session)
    if lane is None:
        raise HeadRefused(413, "That is too large.")
    connection.lane = lane
    return head


def _asked(request: Any, cookie: str) -> RequestHead:
    length, has_session, through, expects = 0, False, [], False
    for name, value in request.headers:
        if name == "TRANSFER-ENCODING":
            raise HeadRefused(411, "Say how long the body is, in Content-Length.")
        if name == "CONTENT-LENGTH":
            length = int(value)
        elif name == "COOKIE":
            has_session = has_session or f"{cookie}=" in value
        elif name == "X-FORWARDED-FOR":
            through.append(value)
        elif name == "EXPECT":
            expects = value.lower() == "100-continue"
    return RequestHead(length, has_session, tuple(through), expects)
