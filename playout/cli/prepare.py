"""Preparation of files for `play`: the copies that ingest would make, and slates with a text.

Nothing is kept: copies and slates live in a temporary folder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.clock import machine_zone
from config.names import HouseFormat
from config.times import length as length_words
from config.times import stamped
from media.asset import AssetFacts
from media.captions.track import SUFFIX, CaptionError
from media.ingest import IngestError, Prepared, prepare
from media.probe import ProbeError, Prober
from media.slides.content import Look, SlideContent
from media.slides.draw import draw
from media.slides.i420 import to_i420

Say = Callable[[str], None]
CHECKING_SHARE = 0.05
"""Share of the preparation before which progress is not printed: it takes no time."""


@dataclass(frozen=True)
class ReadyFile:
    """One file as it will air."""

    file: Path
    """As it was named."""
    path: Path | None
    """What airs: the file, or a copy of it; None where nothing can."""
    facts: AssetFacts | None
    trouble: str = ""
    """Why it cannot air, in words."""
    captions: Path | None = None
    """The captions that were found inside it."""


@dataclass(frozen=True)
class SlateText:
    """The text of a slate; media.slides draws it."""

    heading: str
    body: str
    style: str = "title"


def make_ready(files: Sequence[Path], folder: Path, prober: Prober, say: Say) -> list[ReadyFile]:
    """Check every file in a confined child and make what air needs; `say` gets the progress."""
    known: dict[Path, ReadyFile] = {}
    for file in files:
        if file not in known:
            place = folder / f"file{len(known)}"
            place.mkdir(parents=True)
            known[file] = _ready(file, place, prober, say)
    return [known[file] for file in files]


def _ready(file: Path, place: Path, prober: Prober, say: Say) -> ReadyFile:
    last = ""

    def progress(share: float, words: str) -> None:
        nonlocal last
        if words != last and share > CHECKING_SHARE:
            say(f"{file.name}: {words}")
        last = words

    try:
        ready = prepare(file.absolute(), file.name, place, prober, progress=progress)
    except IngestError as error:
        say(f"{file}: {error} The slate airs in its place.")
        return ReadyFile(file, None, None, str(error))
    airs = ready.on_air
    for problem in airs.facts.problems:
        say(f"{file.name}: {problem.text}")
    captions = _captions(ready, place / f"captions{SUFFIX}", prober, say)
    return ReadyFile(file, airs.path, airs.facts, captions=captions)


def _captions(ready: Prepared, to: Path, prober: Prober, say: Say) -> Path | None:
    """Write the captions inside a file; None where it has none, or they cannot be read."""
    if not ready.facts.has_picture or ready.facts.still:
        return None
    try:
        found = prober.captions(ready.path, ready.facts, to)
    except (ProbeError, CaptionError) as error:
        say(f"{ready.name}: it airs without captions. {error}")
        return None
    return to if found is not None else None


class Slates:
    """Draws the slates of one run, each text once."""

    def __init__(self, folder: Path, house: HouseFormat) -> None:
        self._folder, self._house = folder, house
        self._drawn: dict[SlateText, str] = {}

    def draw(self, text: SlateText) -> str | None:
        """Return the path of this slate; None, meaning the engine's own, if the disk refuses it."""
        if text not in self._drawn:
            path = self._folder / f"slate{len(self._drawn)}.i420"
            content = SlideContent(text.heading, text.body, text.style)
            picture = draw(content, Look(), (self._house.width, self._house.height)).image
            try:
                path.write_bytes(to_i420(picture))
            except OSError:
                return None
            self._drawn[text] = str(path)
        return self._drawn[text]


def opening_slate(count: int, first: Path, house: HouseFormat) -> SlateText:
    """Return the slate before the first file."""
    files = "1 file" if count == 1 else f"{count} files"
    return SlateText("Test of this output", f"{files} in {house}. First: {first.name}")


def slate_for(ready: ReadyFile, following: ReadyFile | None, until: datetime) -> SlateText:
    """Return the slate for a file that has no picture, is shorter than its time or cannot air."""
    if ready.facts is None:
        return SlateText(ready.file.name, ready.trouble, "notice")
    length = length_words(ready.facts.length)
    if not ready.facts.has_picture:
        return SlateText(ready.file.name, f"Sound without a picture, {length} long.")
    if following is None:
        return SlateText("End of the test", f"{ready.file.name} was the last file.")
    over = f"{ready.file.name} is over after {length}."
    return SlateText(
        f"Next: {following.file.name}", f"{over} It begins at {stamped(until, machine_zone())}."
    )
