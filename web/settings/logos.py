"""Uploads of pictures that may lie over others: bounded, checked in a confined child, stored."""

from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from media.ingest import IngestError
from media.layers import LARGEST_UPLOAD, keep_layer
from media.probe import ConfinedProber
from playout.model.plan import Media
from scheduler.actions import graphics as action
from scheduler.domain.library.names import title_from
from scheduler.domain.model.graphics import Picture
from scheduler.domain.model.people import Right
from scheduler.queries.logos import UsedLogo
from scheduler.refusals import Forbidden
from web.kit.context import actor, database, now, services


def taken(sent: bytes, name: str) -> Picture:
    """Check and store the bytes of a picture; `name` is what its file was called.

    Raises IngestError with a sentence for staff, and Forbidden.
    """
    if not actor().may(Right.PREPARE):
        raise Forbidden(Right.PREPARE.value)
    if len(sent) > LARGEST_UPLOAD:
        raise IngestError(f"Use a picture of up to {LARGEST_UPLOAD >> 20} MB.")
    uploads = services().settings.uploads
    uploads.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=uploads, prefix="logo-") as file:
        file.write(sent)
        file.flush()
        layer = keep_layer(Path(file.name), name, services().store, ConfinedProber())
    media = Media(layer.key, layer.suffix, layer.size, timedelta(0), None, has_sound=False)
    size = layer.width, layer.height
    return action.keep_picture(database(), actor(), now(), title_from(name), media, size)


def consequence(logo: UsedLogo) -> str:
    """Return what removing it does, in sentences."""
    if not logo.bugs and not logo.in_look:
        return "Nothing shows it. You can undo this."
    said = "It is taken off the air within seconds, or replaced with the one you chose."
    if logo.bare:
        names = ", ".join(logo.bare)
        said += f" Without another one the bug of {names} is switched off: it has no letters."
    return f"{said} You can undo this."
