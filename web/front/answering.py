"""Running the app for one whole request in a thread; the answer goes to the connection's outbox."""

from collections.abc import Callable, Iterable
from logging import getLogger
from typing import Any

from gunicorn.http import wsgi

from web.front.connection import Connection

log = getLogger(__name__)
REASON_PHRASES = {
    400: "Bad Request",
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def refusal(code: int, sentence: str) -> bytes:
    """Return a complete HTTP answer of one sentence, after which the connection closes."""
    body = f"{sentence}\n".encode()
    retry = "Retry-After: 1\r\n" if code in (429, 503) else ""
    head = (
        f"HTTP/1.1 {code} {REASON_PHRASES[code]}\r\nConnection: close\r\n{retry}"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def answer(app: App, settings: Any, connection: Connection, *, last: bool) -> None:
    """Run the app. Faults are logged, close the connection, and are never raised.

    `settings` are gunicorn's. `last` tells the caller that the connection closes after this answer.
    """
    connection.keep = False
    response = None
    try:
        response, environ = wsgi.create(
            connection.request, connection.outbox, connection.client, connection.server, settings
        )
        environ["wsgi.multithread"] = True
        body = connection.body
        if last or (body is not None and body.to_come):
            response.force_close()
        _run(app, environ, response)
        connection.keep = not response.should_close()
    except OSError as error:  # the caller is gone, or too slow to wait for
        log.info("a caller went away: %s", error)
    except Exception:  # noqa: BLE001 - one request's fault must not end its thread
        log.exception("a request broke")
        if response is None or not response.headers_sent:
            sentence = "Something broke on our side. What is on air continues."
            connection.outbox.sendall(refusal(500, sentence))


def _run(app: App, environ: dict[str, Any], response: Any) -> None:
    parts = app(environ, response.start_response)
    try:
        if isinstance(parts, environ["wsgi.file_wrapper"]):
            response.write_file(parts)
        else:
            for part in parts:
                response.write(part)
        response.close()
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
