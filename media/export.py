"""A cut, or a piece of one, as a file of its own: what is in it, where it lies, and its making.

A confined child makes it at the lowest priority. It can be made again, so it lies beside the files
of the store, under a key of all that its bytes depend on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from pydantic import TypeAdapter, ValidationError

from config.bounded import STRICT
from config.names import AssetKey
from media.captions.cue import CaptionCue
from media.captions.vtt import write_vtt
from media.confine import ConfinedError, LackError, Limits, Progress, run_confined
from media.made_parts import SPARE_BYTES, MadeParts
from media.store import MediaStore

CHILD = "media.export_child"
FOLDER = ".exports"
FACTS_NAME, FILM, CAPTIONS = "export.json", "film.mp4", "captions.vtt"
VERSION = 1
"""Version of what is made. What an older version made is made again."""
KEPT_FOR = timedelta(days=14)
"""How long a file that was made is kept."""
SOUND_BITS = 192_000
PICTURE_BITS_A_PIXEL = 0.12
FEWEST_PICTURE_BITS = 1_500_000
SOUND_STEPS = Fraction(100)
"""Steps a second in which a file of sound alone is cut."""


class ExportError(Exception):
    """A file that was not made; the sentence is for staff. `passing` where it may succeed later."""

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing


@dataclass(frozen=True)
class Export:
    """All that the bytes of the file depend on."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    key: AssetKey
    """The file that the pieces are of."""
    suffix: str
    rate: Fraction | None
    """Pictures a second, exact; None for sound alone."""
    size: tuple[int, int]
    """Width and height, about; the making reads them from the file."""
    pieces: tuple[tuple[int, int], ...]
    """[first frame, frame after the last) of the file each, in the order in which they play."""
    has_picture: bool
    has_sound: bool
    interlaced: bool
    title: str
    day: str = ""
    """Day of the material: `2026-11-17`; empty where nobody said."""
    captions: AssetKey | None = None
    """The track of the whole file."""
    language: str = ""
    """Language of the captions: `en`."""
    chapters: tuple[tuple[int, str], ...] = ()
    """First frame, counted in the export, and name of each, in order."""

    @property
    def content(self) -> AssetKey:
        """The key under which the file lies."""
        return AssetKey(sha256(b"%d " % VERSION + EXPORT.dump_json(self)).hexdigest())

    @property
    def steps(self) -> Fraction:
        """Frames a second; hundredths of a second for sound alone."""
        return self.rate or SOUND_STEPS

    @property
    def frames(self) -> int:
        """The number of its frames."""
        return sum(after - first for first, after in self.pieces)

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return float(self.frames / self.steps)

    @property
    def ending(self) -> str:
        """Ending of its name."""
        return ".mp4" if self.has_picture else ".m4a"

    @property
    def picture_bits(self) -> int:
        """The most bits a second of its picture."""
        width, height = self.size
        wanted = PICTURE_BITS_A_PIXEL * width * height * float(self.rate or 0)
        return max(FEWEST_PICTURE_BITS, round(wanted)) if self.has_picture else 0

    @property
    def most_bytes(self) -> int:
        """The most bytes that it may have."""
        return round((self.picture_bits + SOUND_BITS) / 8 * self.seconds * 1.05) + 4_000_000

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Begin and end of each piece in its file, in microseconds."""
        microseconds = 1_000_000 / self.steps
        return tuple(
            (round(first * microseconds), round(after * microseconds))
            for first, after in self.pieces
        )


@dataclass(frozen=True)
class ExportFacts:
    """Facts of a file that was made."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    version: int
    asset: str
    """The entry of the library that it was made of."""
    made: datetime
    size: int
    """Its bytes."""
    repeated: int
    """Pictures that could not be read; each repeats the one before it."""
    captions: int
    """How many captions it has."""


EXPORT: TypeAdapter[Export] = TypeAdapter(Export)
FACTS: TypeAdapter[ExportFacts] = TypeAdapter(ExportFacts)
CUES: TypeAdapter[list[tuple[int, int, str]]] = TypeAdapter(list[tuple[int, int, str]])
"""Captions as the child reads them: begin and end in microseconds, and the text."""
CUES_NAME = "cues.json"
Make = Callable[[Export, Path, Path, Progress | None], int]
"""Writes FILM into a folder from a file, with the captions of CUES_NAME there; returns how many
pictures could not be read. Raises ExportError."""


def make_export(export: Export, path: Path, folder: Path, progress: Progress | None) -> int:
    """Let a confined child make the file at the lowest priority. Raises ExportError."""
    limits = Limits(
        cpu_seconds=round(600 + 20 * export.seconds),
        wall_seconds=3600 + 100 * export.seconds,
        file_bytes=export.most_bytes * 2,
        niceness=19,
    )
    job = {
        "export": EXPORT.dump_python(export, mode="json"),
        "path": str(path.absolute()),
        "to": str(folder.absolute()),
    }
    try:
        return int(run_confined(CHILD, job, limits, progress)["repeated"])
    except LackError as error:
        raise ExportError(str(error), passing=True) from error
    except ConfinedError as error:
        raise ExportError(f"The file could not be made. {error}") from error


def room_words(lacking: int, needed: int) -> str:
    """Say that the disk has too little room, and what to do."""
    return (
        f"The media disk has no room for this file: it may take {_size(needed)}, and "
        f"{_size(lacking)} of that are missing. Let go of files that are due on the page Keeping, "
        "or export a single piece."
    )


def _size(size: int) -> str:
    return f"{max(0.1, size / 1e9):.1f} GB"


class Exports:
    """The folder of the files that were made, beside the files of a store."""

    def __init__(self, store: MediaStore) -> None:
        self._store = store
        self._parts = MadeParts(store, FOLDER)

    def path(self, content: AssetKey, name: str) -> Path:
        """Return where this part of it is, or would be. Raises ValueError for no key."""
        return self._parts.home(content) / name

    def facts(self, content: AssetKey) -> ExportFacts | None:
        """Return what is known of a file; None while it is not made, or damaged."""
        return self._read(self._parts.home(content))

    def room(self, export: Export) -> str:
        """Return why the disk has no room for a file, in words; empty where it has."""
        try:
            lacking = self._parts.lacking(export.most_bytes)
        except OSError as error:
            return f"The media disk cannot be read: {error.strerror}."
        return room_words(lacking, export.most_bytes + SPARE_BYTES) if lacking else ""

    def keep(
        self,
        export: Export,
        asset: str,
        cues: Sequence[CaptionCue],
        now: datetime,
        make: Make,
        progress: Progress | None,
    ) -> None:
        """Make a file, and put it into its place whole. Raises ExportError."""
        words = self.room(export)
        if words:
            raise ExportError(words, passing=True)
        path = self._store.path(export.key, export.suffix)

        def fill(folder: Path) -> None:
            spoken = [(cue.begin, cue.end, "\n".join(cue.lines)) for cue in cues]
            (folder / CUES_NAME).write_bytes(CUES.dump_json(spoken))
            repeated = make(export, path, folder, progress)
            (folder / CUES_NAME).unlink()
            if cues:
                (folder / CAPTIONS).write_text(write_vtt(cues), encoding="utf-8")
            size = (folder / FILM).stat().st_size
            facts = ExportFacts(VERSION, asset, now, size, repeated, len(cues))
            (folder / FACTS_NAME).write_bytes(FACTS.dump_json(facts))

        try:
            self._parts.make(export.content, fill)
        except OSError as error:
            sentence = f"The file cannot be stored: {error.strerror}."
            raise ExportError(sentence, passing=True) from error

    def sweep(self, now: datetime, is_here: Callable[[str], bool]) -> int:
        """Delete what is old, damaged, or of an entry that is no longer here; return how many."""

        def is_needed(home: Path) -> bool:
            facts = self._read(home)
            return facts is not None and now - facts.made < KEPT_FOR and is_here(facts.asset)

        return self._parts.sweep(is_needed)

    def _read(self, home: Path) -> ExportFacts | None:
        try:
            facts = FACTS.validate_json((home / FACTS_NAME).read_bytes())
        except (OSError, ValidationError):
            return None
        return facts if facts.version == VERSION else None


def until_of(facts: ExportFacts) -> datetime:
    """Return when a file that was made is deleted."""
    return facts.made.astimezone(UTC) + KEPT_FOR
