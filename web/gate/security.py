"""Security of every answer and session: headers, signing key, cookie flags, trusted hosts."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.exceptions import SecurityError

from config.settings import Settings
from config.signing import secret_key

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob: data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_HOURS = 12
MEGABYTE = 1024 * 1024
FORM_LIMIT = 2 * MEGABYTE
BODY_LIMITS = {
    "media.piece": 16 * MEGABYTE,
    "graphics.add_logo": 8 * MEGABYTE,
    "details.attach": 16 * MEGABYTE,
    "api_host.report": 8 * MEGABYTE,
    "host_files.holdings": 8 * MEGABYTE,
    "host_files.piece": 8 * MEGABYTE,
}
"""Endpoints that accept larger bodies than a form; all others are held to `FORM_LIMIT`."""

FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


def session_cookie(base_url: str) -> str:
    """Return the name of the session cookie; over TLS its prefix binds it to this host."""
    return "__Host-gavel" if urlsplit(base_url).scheme == "https" else "gavel"


def configure(app: Flask, settings: Settings) -> None:
    """Set the session cookie, the body limit and the trusted hosts from the settings."""
    base = urlsplit(settings.base_url)
    secure = base.scheme == "https"
    hosts = {base.hostname, urlsplit(settings.server_url).hostname, "localhost", "127.0.0.1"}
    app.config.update(
        SECRET_KEY=secret_key(settings.data_dir),
        SESSION_COOKIE_NAME=session_cookie(settings.base_url),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_HOURS * 3600,
        # A polled answer must not overwrite the cookie that another answer has just set.
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=FORM_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        TRUSTED_HOSTS=sorted(host for host in hosts if host),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(refuse_strangers)
    app.before_request(allow_large_bodies)
    app.before_request(refuse_cross_site)
    app.after_request(headers_for(secure))


def refuse_strangers() -> None:
    """Refuse a Host header that is not ours before anything else runs.

    Flask checks it last. Until then no URL can be built, so not even an error page could be drawn.
    """
    wrong = request.routing_exception
    if isinstance(wrong, SecurityError):
        raise wrong


def allow_large_bodies() -> None:
    """Raise the body limit for the few endpoints that need it, before CSRF protection reads the
    form.

    None of them takes a form. So nothing of a large body is read before its sender is known.
    """
    limit = BODY_LIMITS.get(request.endpoint or "")
    if limit is not None:
        if request.mimetype in FORMS:
            abort(400, "Send the bytes themselves, not a form. Reload the page and try again.")
        request.max_content_length = limit


def refuse_cross_site() -> None:
    """Refuse a change that another site's page sent, whatever token it carries."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        abort(403, "This change came from another site's page and was refused.")


class headers_for:  # noqa: N801 - reads as the sentence it stands in
    """A callable that adds the security headers; Strict-Transport-Security only over TLS."""

    def __init__(self, secure: bool) -> None:
        self._secure = secure

    def __call__(self, answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if self._secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static" and "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "no-store"
        return answer
