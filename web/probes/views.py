"""The probes: `/healthz` says that this process answers, `/readyz` that all is well, `/metrics`
gives the numbers.
"""

import hmac

from flask import Blueprint, Response, make_response, request

from config.metrics import MEDIA_TYPE
from web.kit.context import now, services
from web.probes.metrics import exposition
from web.probes.readiness import readiness

bp = Blueprint("probes", __name__)
CLOSED = (
    "Metrics are closed: this server has no token for them. Set metrics_token_file in its settings "
    "and restart it.\n"
)
WRONG = "This address needs the token of the settings, as Authorization: Bearer TOKEN.\n"


@bp.get("/healthz")
def healthz() -> Response:
    """Say that this process answers. It asks nobody, so it fails only when a restart would help."""
    answer = make_response("ok\n")
    answer.mimetype = "text/plain"
    return answer


@bp.get("/readyz")
def readyz() -> Response:
    """Say whether database, scheduler and channels are well: 200 if all are, else 503."""
    said = readiness(services().readiness.result(), now())
    return make_response(said, 200 if said["ready"] else 503)


@bp.get("/metrics")
def metrics() -> Response:
    """Give the station's numbers to a metrics server that holds the token."""
    of = services()
    if not of.metrics_token:
        return _plain(CLOSED, 403)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = of.metrics_token.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), expected):
        answer = _plain(WRONG, 401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    folders = {"data": of.settings.data_dir, "media": of.settings.media_root}
    answer = make_response(exposition(of.metrics.result(), folders, now()))
    answer.headers["Content-Type"] = MEDIA_TYPE
    return answer


def _plain(text: str, code: int) -> Response:
    answer = make_response(text, code)
    answer.mimetype = "text/plain"
    return answer
