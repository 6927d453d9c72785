"""The page of one file: the player, and beside it a column of sections that other modules fill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from config.names import AssetKey
from media.asset import FACTS
from media.companion import VERSION, Strips
from playout.model.plan import Media
from scheduler.actions import resting
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.job import JobState
from scheduler.queries import companions, cuts, grid
from scheduler.queries import library as query
from scheduler.queries import resting as rest_query
from scheduler.queries.library import LibraryEntry
from web.kit.context import actor, database, done, go, now, services
from web.kit.files import file_name, send_stored
from web.kit.scheduling import scheduling
from web.library.archive_words import coming_words
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
ORDER = ("captions", "cuts", "export", "details", "copies", "keeping")
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

    source: str
    """The address that it plays from; empty while no bytes that browsers play are here."""
    strips: str
    """The address of its strips, empty while they are not made."""
    sheet: str
    """The address of the pictures of the strip; empty without."""
    making: str
    """What is being made of it, in words; empty where all is made."""
    here: bool
    """Whether its own bytes are on this server."""
    rests: bool
    """Whether they rest in the archive."""
    still: bool
    sound: bool
    rate: Fraction
    """Pictures a second, exact; for sound alone a hundred steps a second."""
    frames: int
    length: timedelta


@dataclass(frozen=True)
class Finding:
    """A finding of the check that has a place in the file, in frames."""

    text: str
    first: int
    last: int


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
    """Answer with the file under its title: as it came with `?original=yes`, else as it airs; lead
    from a cut to the file that was made of it.
    """
    found = query.entry(database(), AssetId(asset)).asset
    if found.cut_of is not None:
        return go(url_for("exports.film", asset=asset))
    named = _original(found) if request.args.get("original") else _aired(found)
    if named is not None and resting.want(database(), named[0], now()):
        said = f"{coming_words([named[0]])} Download it then."
        return done(said, _copies(asset))
    if named is None or not services().store.has(*named):
        abort(404)
    path = services().store.path(*named)
    name = file_name(found.title, named[1])
    answer = send_stored(path, media_type(named[1]), named[0], name=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.post("/<asset>/return")
def bring_back(asset: str) -> Response:
    """Ask for a file that rests in the archive."""
    found = query.entry(database(), AssetId(asset)).asset
    named = [one[0] for one in (_aired(found), _original(found)) if one is not None]
    # Both are asked for, the one that airs and the original.
    if not sum([resting.want(database(), key, now()) for key in named]):
        return done("It is on the server.", _copies(asset))
    return done(coming_words(named), _copies(asset))


def _copies(asset: str) -> str:
    return f"{url_for('asset.show', asset=asset)}#h-copies"


def _whole(asset: Asset) -> Asset:
    """Return the file that is played: of a cut, the whole one."""
    return cuts.cuts_of(database(), asset.id).whole if asset.cut_of is not None else asset


def _aired(asset: Asset) -> tuple[AssetKey, str] | None:
    return (asset.media.key, asset.media.suffix) if asset.media else None


def _original(asset: Asset) -> tuple[AssetKey, str] | None:
    """Return the file as it came, where another one airs; see Asset.facts."""
    key, suffix = str(asset.facts.get("key", "")), str(asset.facts.get("suffix", ""))
    same = asset.media is not None and asset.media.key == key
    return (AssetKey(key), suffix) if key and not same else None


def page(entry: LibraryEntry, **again: Any) -> str:
    """Return the page of a file. `again` holds, by section, a refused form to be shown again."""
    channels = grid.channels(database())
    line = file_line(entry, channels, now(), actor())
    return render_template(
        "library/asset.html",
        file=line,
        asset=entry.asset,
        scheduling=scheduling(channels) if entry.asset.fit and not entry.asset.archived else None,
        picture=_picture(_whole(entry.asset)),
        has_original=_has_original(entry.asset),
        findings=_findings(entry.asset),
        sections=tuple(_sections(entry, again)),
    )


def _findings(asset: Asset) -> tuple[Finding, ...]:
    if asset.media is None or not asset.facts:
        return ()
    rate = float(asset.media.rate or SOUND_STEPS)
    return tuple(
        Finding(one.text, round(one.begin * rate), round((one.end or one.begin) * rate))
        for one in FACTS.validate_python(dict(asset.facts)).problems
        if one.begin is not None
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
    rate, still = media.rate or SOUND_STEPS, media.has_picture and not media.length
    strips = services().companions.strips(media.key) if not still else None
    here = services().store.has(media.key, media.suffix)
    return Picture(
        source=_source(asset.id, media, strips, here=here),
        strips=_part(asset.id, "strips", media) if strips else "",
        sheet=_part(asset.id, "pictures", media) if strips and strips.tiles else "",
        making="" if strips or still or not here else _making(asset.id),
        here=here,
        rests=not here and bool(rest_query.resting_of(database(), [media.key])),
        still=still,
        sound=media.has_sound,
        rate=rate,
        frames=frames_of(media.length, rate),
        length=media.length,
    )


def _source(asset: AssetId, media: Media, strips: Strips | None, *, here: bool) -> str:
    """Return the address of what the page plays; empty where there is nothing."""
    if strips is not None and strips.has_companion and not (here and strips.plays):
        return _part(asset, "companion", media)
    return url_for("media.play", asset=asset) if here else ""


def _part(asset: AssetId, part: str, media: Media) -> str:
    """Return the address of a part of the companion, which names the same bytes for ever."""
    return url_for(f"companions.{part}", asset=asset, v=f"{media.key[:16]}-{VERSION}")


def _making(asset: AssetId) -> str:
    job = companions.open_job(database(), asset)
    if job is None:
        return "Waiting for the picture strip."
    if job.state == JobState.FAILED:
        return f"There is no picture strip. {job.step}"
    share = f"{100 * job.progress:.0f} % done" if job.state == JobState.WORKING else "waiting"
    return f"Making the picture strip, and a small copy if your browser needs one: {share}."


def frames_of(length: timedelta, rate: Fraction) -> int:
    """Return how many pictures of this rate fill the length, in exact arithmetic.

    Example: 10.01 s at 30000/1001 are 300 pictures.
    """
    return max(1, round(Fraction(length // timedelta(microseconds=1), 1_000_000) * rate))
