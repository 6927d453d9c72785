"""Fonts for bulletins: an uploaded one is checked in a confined child and stored; installed ones.

A font file is a program for FreeType. So it is opened in the child first, as every upload is, and
each letter that staff may need is drawn there in the sizes of air.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

from config.names import AssetKey
from media.formats import FormatError
from media.ingest import HOUSE_FOLDER, IngestError
from media.probe import ProbeError, Prober
from media.store import MediaError, MediaStore, content_key

LARGEST_FONT = 5 << 20
"""Most bytes of a font file; one with all of Latin, Greek and Cyrillic has a tenth."""
SUFFIXES = {b"\x00\x01\x00\x00": ".ttf", b"OTTO": ".otf", b"true": ".ttf"}
"""The first bytes of a file with one font, and its suffix. A collection (`ttcf`) has several."""
LETTERS = "".join(chr(code) for code in range(0x21, 0x7F)) + "áéíñóúüçö’“”–…•"
"""Letters that a bulletin may need, in English and in the languages most spoken beside it."""
SIZES = (17, 39, 124)
"""Sizes in which each letter is drawn: the smallest of 480 rows, and two of 1080."""
INSTALLED = Path("/usr/share/fonts")
SLANTED = ("Oblique", "Italic")
MOST_INSTALLED = 300
"""Most font files of the machine that are looked at."""


@dataclass(frozen=True)
class StoredFont:
    """A font file in the media store, with its name as the file gives it."""

    key: AssetKey
    suffix: str
    size: int
    """Bytes."""
    name: str


def font_name(path: Path) -> str:
    """Return the font's family and style: `DejaVu Sans, Bold`. In the confined child only, or for a
    font of the machine itself. Raises FormatError.
    """
    suffix_of(path)
    try:
        face = ImageFont.truetype(str(path), 20, layout_engine=ImageFont.Layout.BASIC)
        family, style = face.getname()
    except (OSError, ValueError) as error:
        raise FormatError("The file is damaged or no font.") from error
    if not family:
        raise FormatError("The font has no name, so it cannot be told from others.")
    plain = style in (None, "", "Regular", "Book", "Roman")
    name = family if plain else f"{family}, {style}"
    return "".join(letter for letter in name if letter.isprintable())[:80]


def check_letters(path: Path) -> None:
    """Draw every letter in every size. In the confined child only. Raises FormatError."""
    lacking = ""
    for size in SIZES:
        try:
            face = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
            none = bytes(face.getmask("\uffff")), face.getlength("\uffff")
            drawn = {letter: bytes(face.getmask(letter)) for letter in LETTERS}
        except (OSError, ValueError) as error:
            raise FormatError("The font is damaged: a letter of it cannot be drawn.") from error
        lacking = "".join(
            letter
            for letter, mask in drawn.items()
            if not any(mask) or (mask, face.getlength(letter)) == none
        )
    if lacking:
        raise FormatError(f"The font lacks letters that bulletins need: {' '.join(lacking[:12])}")


def suffix_of(path: Path) -> str:
    """Return the suffix by the file's first bytes. Raises FormatError for what is no single
    font.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"ttcf":
        raise FormatError("This file holds several fonts. Upload one TTF or OTF file.")
    if start not in SUFFIXES:
        raise FormatError("Upload a font as a TTF or OTF file.")
    return SUFFIXES[start]


def keep_font(upload: Path, name: str, store: MediaStore, prober: Prober) -> StoredFont:
    """Store the font in `upload`, which is only read; `name` is what people call the file.

    Raises IngestError with a sentence for staff.
    """
    size = upload.stat().st_size
    if not 0 < size <= LARGEST_FONT:
        raise IngestError(f"Use a font file of up to {LARGEST_FONT >> 20} MB.")
    making = store.root / HOUSE_FOLDER
    making.mkdir(parents=True, exist_ok=True)
    try:
        suffix = suffix_of(upload)
        found = prober.font(upload, name=name)
        copy = making / f"font-{content_key(upload)}{suffix}"
        shutil.copyfile(upload, copy)
        key, _ = store.add(copy, suffix=suffix)
    except (ProbeError, MediaError, FormatError, OSError) as error:
        raise IngestError(str(error)) from error
    return StoredFont(key, suffix, size, found)


@cache
def installed() -> dict[str, Path]:
    """Return the upright fonts of this machine, by name. One is checked when it is chosen."""
    return dict(sorted(_installed()))


def _installed() -> Iterator[tuple[str, Path]]:
    files = [path for path in sorted(INSTALLED.rglob("*")) if path.suffix in SUFFIXES.values()]
    for path in files[:MOST_INSTALLED]:
        try:
            name = font_name(path)
        except (FormatError, OSError):
            continue
        if not any(slanted in name for slanted in SLANTED):
            yield name, path
