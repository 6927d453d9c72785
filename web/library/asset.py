"""The page of one file: the player, and beside it a column of sections that other modules fill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from config.names import AssetKey
from playout.model.plan import Media
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.queries import grid
from scheduler.queries import library as query
from scheduler.queries.library import LibraryEntry
from web.kit.context import actor, database, now, services
from web.kit.files import file_name, send_stored
from web.library.cards import file_line, media_type

bp = Blueprint("asset", __name__, url_prefix="/media")

SectionData = Mapping[str, Any]
SectionMaker = Callable[[LibraryEntry, Any], SectionData | None]

# To add a section: put its name into ORDER, write `templates/library/asset/NAME.html` (one
# `<section class="card-g">` with a heading `h-NAME`), and in a view module of its own decorate the
# function that returns what the template reads as `data`:
#
#     @section("cuts")
#     def cuts_section(entry: LibraryEntry, again: CutsForm | None) -> SectionData | None: ...
#
# None leaves the section out. An endpoint of the section that refuses a form answers with
# `page(entry, cuts=form), 422`: `again` is then that form, with what was typed and what is wrong.
# Its script imports `player` from `static/player.js` and is named in the template's own
# `<script type="module">`.
ORDER = ("captions", "cuts", "details", "copies", "keeping")
"""The sections from top to bottom; one that no module fills is left out."""
_MAKERS: dict[str, SectionMaker] = {}


@dataclass(frozen=True)
class Section:
    """One section of the page, ready to be drawn."""

    name: str
    data: SectionData


@dataclass(frozen=True)
class Picture:
    """The facts of a file that the player needs."""

    source: bool
    """Whether its bytes are on this server."""
    still: bool
    sound: bool
    rate: Fraction
    """Pictures a second, exact; for sound alone a hundred steps a second."""
    frames: int
    length: timedelta


SOUND_STEPS = Fraction(100)
"""Steps a second by which sound without a picture is walked through."""


def section(name: str) -> Callable[[SectionMaker], SectionMaker]:
    """Let the decorated function fill the section `name` of the page."""

    def register(maker: SectionMaker) -> SectionMaker:
        _MAKERS[name] = maker
        return maker

    return register


@bp.get("/<asset>")
def show(asset: str) -> str:
    """Show one file of the library."""
    return page(query.entry(database(), AssetId(asset)))


@bp.get("/<asset>/download")
def download(asset: str) -> Response:
    """Answer with the file under its title: as it came with `?original=yes`, else as it airs."""
    found = query.entry(database(), AssetId(asset)).asset
    named = _original(found) if request.args.get("original") else _aired(found)
    if named is None or not services().store.has(*named):
        abort(404)
    path = services().store.path(*named)
    name = file_name(found.title, named[1])
    answer = send_stored(path, media_type(named[1]), named[0], name=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _aired(asset: Asset) -> tuple[AssetKey, str] | None:
    return (asset.media.key, asset.media.suffix) if asset.media else None


def _original(asset: Asset) -> tuple[AssetKey, str] | None:
    """Return the file as it came, where another one airs; see Asset.facts."""
    key, suffix = str(asset.facts.get("key", "")), str(asset.facts.get("suffix", ""))
    same = asset.media is not None and asset.media.key == key
    return (AssetKey(key), suffix) if key and not same else None


def page(entry: LibraryEntry, **again: Any) -> str:
    """Return the page of a file. `again` holds, by section, a refused form to be shown again."""
    line = file_line(entry, grid.channels(database()), now(), actor())
    return render_template(
        "library/asset.html",
        file=line,
        asset=entry.asset,
        picture=_picture(entry.asset),
        has_original=_has_original(entry.asset),
        sections=tuple(_sections(entry, again)),
    )


def _has_original(asset: Asset) -> bool:
    original = _original(asset)
    return original is not None and services().store.has(*original)


def _sections(entry: LibraryEntry, again: Mapping[str, Any]) -> list[Section]:
    made = ((name, _MAKERS[name](entry, again.get(name))) for name in ORDER if name in _MAKERS)
    return [Section(name, data) for name, data in made if data is not None]


def _picture(asset: Asset) -> Picture | None:
    media = asset.media
    if media is None:
        return None
    rate = media.rate or SOUND_STEPS
    still = media.has_picture and not media.length
    return Picture(
        _is_here(media), still, media.has_sound, rate, frames_of(media.length, rate), media.length
    )


def frames_of(length: timedelta, rate: Fraction) -> int:
    """Return how many pictures of this rate fill the length, in exact arithmetic.

    Example: 10.01 s at 30000/1001 are 300 pictures.
    """
    return max(1, round(Fraction(length // timedelta(microseconds=1), 1_000_000) * rate))


def _is_here(media: Media) -> bool:
    return services().store.has(media.key, media.suffix)
