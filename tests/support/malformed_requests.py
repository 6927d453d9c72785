"""Requests that no browser sends: odd methods and headers, truncated bodies, wrong content types.

`malform` spoils a request of the test client in one to three ways. What the front's own parser
refuses (a line break or a NUL in a header) is left out; `support.raw_requests` sends that.
"""

import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote_plus

METHODS = (
    "BREW",
    "TRACE",
    "OPTIONS",
    "PROPFIND",
    "HEAD",
    "PATCH",
    "DELETE",
    "CONNECT",
    "get",
    "M-X",
)
HEADERS = (
    "Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
    "Forwarded", "If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since",
    "If-Range", "Range", "Cookie", "Accept", "Accept-Encoding", "Accept-Language", "Authorization",
    "User-Agent", "Referer", "Origin", "Sec-Fetch-Site", "HX-Request", "HX-Current-URL",
    "HX-Target", "X-Gavel-Rev", "X-Gavel-Meter", "X-CSRFToken", "Content-Type", "Content-Encoding",
    "X-HTTP-Method-Override", "Date", "Expect", "Connection",
)  # fmt: skip
VALUES = (
    "127.0.0.1", "localhost:99999", "localhost:x", "[::1", "evil.example", "a" * 300, "..",
    "bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,1-1,2-2", "bytes=" + "9" * 400 + "-", "x=1-2",
    '"', 'W/"', '"a", W/"b", *', "*", "W/" * 200, "Thu, 01 Jan 0001 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 99 Foo 2026 99:99:99 GMT", "Thu, 01 Jan 2026",
    "gavel=", "gavel=x.y.z", "gavel=" + "a." * 500, "gavel=.eJw; gavel=1; =; ;", "__Host-gavel=1",
    "gzip;q=9,br;q=-1,*;q=nan", "br;q=" + "9" * 300, ";q=1", "Bearer", "Bearer " + "x" * 5000,
    "Basic ====", "Digest username", "application/json", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300,
    "application/x-www-form-urlencoded; charset=utf-7", "text/plain; charset=\xff", "cross-site",
    "http://[::1", "https://evil.example/%00", "null", "websocket", "Upgrade", "100-continue",
    '{"left_db": NaN}', "[" * 5000, "DELETE", "1" * 5000,
)  # fmt: skip
QUERIES = (
    "=", "&&&", "a", "%", "%zz", "%ff=%ff", "%ED%A0%80=%ED%A0%80", "q=%00", "q=%E2%80%AEabc",
    "week=1&week=2&week=", "day=2026-11-25&day=0001-01-01", "q=" + "x" * 20_000,
    "&".join(f"a{number}=1" for number in range(3000)), "limit=Infinity&page=-1&before=1e400",
    "since=NaN&until=-Infinity", "?a=1", "#fragment", "q=%u0041", "q[]=1&q[a][b]=2",
)  # fmt: skip
WEBSOCKET = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip
BOUNDARY = "gavel"


def malform(chance: random.Random, sent: dict[str, Any], texts: Sequence[str]) -> None:
    """Spoil a request of the test client in one to three ways."""
    for way in chance.sample(MALFORMATIONS, chance.randint(1, 3)):
        way(chance, sent, texts)


def header_text(text: str) -> str:
    """Return the text as WSGI hands a header to the app: UTF-8 bytes read as Latin-1.

    The three characters that a parser refuses are removed.
    """
    plain = text.encode("utf-8", "surrogatepass").decode("latin-1")
    return plain.translate({0: None, 10: None, 13: None})


def _headers(chance: random.Random, sent: dict[str, Any], texts: Sequence[str]) -> None:
    for name in chance.sample(HEADERS, chance.randint(1, 3)):
        odd = chance.choice(VALUES) if chance.random() < 0.7 else chance.choice(texts)
        if name == "Content-Type" and isinstance(sent.get("data"), dict):
            sent["data"] = urlencoded(sent["data"])
        sent["headers"][name] = header_text(odd)


def _websocket(chance: random.Random, sent: dict[str, Any], texts: Sequence[str]) -> None:
    del chance, texts
    sent["headers"] |= WEBSOCKET


def _method(chance: random.Random, sent: dict[str, Any], texts: Sequence[str]) -> None:
    del texts
    sent["method"] = chance.choice(METHODS)


def _query(chance: random.Random, sent: dict[str, Any], texts: Sequence[str]) -> None:
    given = sent.get("query_string", "")
    plain = given if isinstance(given, str) else urlencoded(given).decode()
    odd = chance.choice((*QUERIES, quote_plus(chance.choice(texts)[:2000])))
    sent["query_string"] = f"{plain}&{odd}"


def _body(chance: random.Random, sent: dict[str, Any], texts: Sequence[str]) -> None:
    form = sent.get("data")
    if not isinstance(form, dict):
        sent["data"] = chance.choice((b"", b"\xff\xfe", b"[" * 100_000, b"%", b"\x00" * 1000))
        return
    twice = (
        [*form.items(), *((name, chance.choice(texts)) for name in chance.sample([*form], 2))]
        if len(form) > 1
        else [*form.items()]
    )
    kind = chance.choice(("multipart", "urlencoded", "json", "bytes"))
    sent["content_type"] = {
        "multipart": f"multipart/form-data; boundary={BOUNDARY}",
        "json": "application/json",
        "bytes": "application/octet-stream",
    }.get(kind, "application/x-www-form-urlencoded")
    whole = multipart(twice) if kind == "multipart" else urlencoded(dict(twice)) + b"&%ff=%ED%A0%80"
    if kind == "json":
        whole = b"[" * 100_000
    sent["data"] = whole[: chance.randrange(len(whole))] if chance.random() < 0.5 else whole


def multipart(fields: Sequence[tuple[str, str]]) -> bytes:
    """Return the fields as multipart parts, plus a file part, a nameless part and one of broken
    UTF-8.
    """
    parts = [
        b"--%s\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n"
        % (BOUNDARY.encode(), b'"%s"' % name.encode(), text.encode("utf-8", "surrogatepass"))
        for name, text in fields
    ]
    parts += [
        b'--gavel\r\nContent-Disposition: form-data; name="title"; filename="a\x00.mp4"\r\n'
        b"Content-Type: video/mp4\r\n\r\n\xff\xfe\r\n",
        b"--gavel\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n",
        b'--gavel\r\nContent-Disposition: form-data; name="note"\r\n\r\n\xed\xa0\x80\xff\r\n',
        b"--gavel--\r\n",
    ]
    return b"".join(parts)


def urlencoded(form: dict[str, str]) -> bytes:
    """Return the form as a browser encodes it."""
    pairs = (
        f"{quote_plus(name)}={quote_plus(text.encode('utf-8', 'surrogatepass'))}"
        for name, text in form.items()
    )
    return "&".join(pairs).encode()


Malformation = Callable[[random.Random, dict[str, Any], Sequence[str]], None]
MALFORMATIONS: tuple[Malformation, ...] = (
    _headers,
    _headers,
    _websocket,
    _method,
    _query,
    _query,
    _body,
    _body,
)
