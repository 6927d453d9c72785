"""The probes: `/healthz` says that this process answers, `/readyz` that all is well."""

from flask import Blueprint, Response, make_response

from web.kit.context import now, services
from web.probes.readiness import readiness

bp = Blueprint("probes", __name__)


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
