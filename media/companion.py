"""The parts by which a page shows a film: a small copy for browsers, a picture and a sound strip.

They are made from the file, by a confined child at the lowest priority, and can be made again. So
they lie in a folder beside the files of the store, under the key of the file they were made from.
"""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from config.bounded import STRICT
from config.names import AssetKey
from media.confine import ConfinedError, LackError, Limits, Progress, run_confined
from media.made_parts import MadeParts
from media.store import MediaStore

CHILD = "media.companion_child"
FOLDER = ".companions"
COMPANION, PICTURES, FACTS_NAME = "companion.mp4", "pictures.jpg", "strips.json"
VERSION = 1
"""Version of what is made. What an older version made is made again."""
TILE = (160, 90)
"""Width and height of one picture of the strip."""
COLUMNS = 12
MOST_TILES = 180
SOUND_BARS = 1000
COMPANION_SIZE = (640, 360)
COMPANION_BYTES_A_SECOND = 150_000
MOST_COPIED_BYTES_A_SECOND = 1_250_000
"""Most bytes a second of a film whose picture is copied: ten megabits, which any office network
carries."""
COPIED_FILM_SHARE = 4
"""Free bytes of the disk for each byte of a film whose picture is copied, so that the copy takes at
most a quarter of them."""


class CompanionError(Exception):
    """A companion that was not made; the sentence is for staff. `passing` where it may succeed
    later.
    """

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing


@dataclass(frozen=True)
class FilmOrder:
    """The film to make them from, as the library knows it."""

    path: Path
    suffix: str
    length: timedelta
    rate: Fraction | None
    begin: timedelta = timedelta()
    """Its first picture by its own clock."""
    interlaced: bool = False
    copied: bool = False
    """Whether a small copy is made also where browsers play the film, because it is to rest in the
    archive."""
    small: bool = False
    """Whether the disk has room for a small copy alone."""

    @property
    def size(self) -> int:
        """Its size in bytes; 0 where it is not there."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def may_copy(self) -> bool:
        """Tell whether its picture may be copied as it is, if browsers show it."""
        most = MOST_COPIED_BYTES_A_SECOND * self.length.total_seconds()
        is_free = not self.copied and not self.small and self.rate is not None
        return is_free and self.size <= most

    @property
    def copy_bytes(self) -> int:
        """The most bytes that its copy is expected to have."""
        small = round(COMPANION_BYTES_A_SECOND * self.length.total_seconds())
        return small + self.size if self.may_copy else small


@dataclass(frozen=True)
class Strips:
    """The strips of a film as numbers, and whether it has a small copy."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    version: int
    has_companion: bool
    """Whether there is a small copy: browsers cannot play the file itself, or it is to rest."""
    tiles: tuple[float, ...]
    """Times of the pictures of the strip, in seconds; empty for sound alone."""
    sound: tuple[int, ...]
    """The loudest sample of each of `SOUND_BARS` equal stretches, 0 to 100 of full scale; empty
    without sound."""
    plays: bool = False
    """Whether browsers play the file itself although there is a small copy."""
    whole: bool = False
    """Whether the copy holds the picture as the file has it, so that it is about as large."""

    @property
    def has_small_copy(self) -> bool:
        """Tell whether a film that rests is seen by its copy, and yet frees its room."""
        return self.has_companion and not self.whole


STRIPS: TypeAdapter[Strips] = TypeAdapter(Strips)
Make = Callable[[FilmOrder, Path, Progress | None], Strips]
"""Writes what is made of a film into a folder. Raises CompanionError."""


def browser_shows(video: str, pixels: str, *, interlaced: bool) -> bool:
    """Tell whether Chromium, Firefox and Safari all show a picture of this coding in an MP4.

    An interlaced picture counts as not shown: browsers show both of its fields at once.
    """
    return video == "h264" and pixels in ("yuv420p", "yuvj420p") and not interlaced


def browser_plays(
    container: str, suffix: str, video: str, pixels: str, audio: str, *, interlaced: bool
) -> bool:
    """Tell whether Chromium, Firefox and Safari all play a file with these codings."""
    if video:
        plain = browser_shows(video, pixels, interlaced=interlaced)
        return container == "mp4" and plain and audio in ("", "aac", "mp3")
    if container == "wav":
        return audio in ("pcm_s16le", "pcm_u8")
    return (container, audio) in {("mp3", "mp3"), ("mp4", "aac"), ("flac", "flac")}


def tile_times(length: float, has_picture: bool) -> list[float]:
    """Return the times of the pictures of the strip, in seconds: the middles of equal stretches.

    Example: a film of 4 s has four, at 0.5, 1.5, 2.5 and 3.5 s; one of four hours has
    `MOST_TILES`, 80 s apart.
    """
    if not has_picture or length <= 0:
        return []
    count = max(1, min(MOST_TILES, round(length)))
    return [(place + 0.5) * length / count for place in range(count)]


def make_companion(order: FilmOrder, folder: Path, progress: Progress | None) -> Strips:
    """Let a confined child make them at the lowest priority. Raises CompanionError."""
    seconds = order.length.total_seconds()
    limits = Limits(
        cpu_seconds=round(300 + 2 * seconds + order.size / 2e6),
        wall_seconds=1800 + 30 * seconds + order.size / 5e5,
        file_bytes=64_000_000 + 2 * order.copy_bytes,
        niceness=19,
    )
    job = {
        "path": str(order.path.absolute()),
        "name": f"file{order.suffix}",
        "to": str(folder.absolute()),
        "length": seconds,
        "rate": str(order.rate) if order.rate else "",
        "begin": order.begin.total_seconds(),
        "interlaced": order.interlaced,
        "copied": order.copied,
        "small": order.small,
    }
    try:
        return STRIPS.validate_python(run_confined(CHILD, job, limits, progress)["strips"])
    except LackError as error:
        raise CompanionError(str(error), passing=True) from error
    except (ConfinedError, ValidationError) as error:
        raise CompanionError(f"No small copy could be made. {error}") from error


class Companions:
    """The folder of what was made, beside the files of a store."""

    def __init__(self, store: MediaStore) -> None:
        self._parts = MadeParts(store, FOLDER)

    def path(self, key: AssetKey, name: str) -> Path:
        """Return where this part of it is, or would be. Raises ValueError for no key."""
        return self._parts.home(key) / name

    def strips(self, key: AssetKey) -> Strips | None:
        """Return the strips of a file; None while they are not made, or damaged."""
        try:
            strips = STRIPS.validate_json(self.path(key, FACTS_NAME).read_bytes())
        except (OSError, ValidationError):
            return None
        return strips if strips.version == VERSION else None

    def keys(self) -> set[AssetKey]:
        """Return the keys of all files of which they are made."""
        homes = self._parts.homes()
        return {AssetKey(home.name) for home in homes if (home / FACTS_NAME).exists()}

    def are_made(self, key: AssetKey) -> bool:
        """Return whether they are made of this file."""
        return self.path(key, FACTS_NAME).exists()

    def keep(self, key: AssetKey, order: FilmOrder, make: Make, progress: Progress | None) -> None:
        """Make them, and put them into their place whole. Raises CompanionError."""

        def fill(folder: Path) -> None:
            strips = make(fitting, folder, progress)
            (folder / FACTS_NAME).write_bytes(STRIPS.dump_json(strips))

        try:
            lacks = self._parts.lacking(COPIED_FILM_SHARE * order.copy_bytes) > 0
            fitting = replace(order, small=lacks)
            if self._parts.lacking(fitting.copy_bytes):
                raise CompanionError("The media disk is too full for a small copy.", passing=True)
            self._parts.make(key, fill)
        except OSError as error:
            words = f"The small copy cannot be stored: {error.strerror}."
            raise CompanionError(words, passing=True) from error

    def sweep(self, needed: Collection[AssetKey]) -> int:
        """Delete what belongs to none of these files; return of how many."""
        return self._parts.sweep(lambda home: home.name in needed)


def strips_as_json(strips: Strips) -> dict[str, Any]:
    """Return the strips as the script of the page reads them."""
    return asdict(strips) | {"columns": COLUMNS, "width": TILE[0], "height": TILE[1]}
