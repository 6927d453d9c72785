"""Text set into boxes: the largest size that fits, wrapped by words, and drawn."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from media.palette import Colour

FONT_FOLDER = Path("/usr/share/fonts/truetype/dejavu")
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

LONELY_SHARE = 0.25
"""A last line shorter than this share of the width looks lost."""
BULLETS = ("- ", "* ", "\u2022 ", "\u2013 ")


@dataclass(frozen=True)
class Typeface:
    """The files of a font: regular, and bold for headings."""

    regular: str
    bold: str


DEJAVU = Typeface(str(FONT_FOLDER / "DejaVuSans.ttf"), str(FONT_FOLDER / "DejaVuSans-Bold.ttf"))


@lru_cache(maxsize=256)
def font(size: int, bold: bool = False, face: Typeface = DEJAVU) -> Font:
    """Return the face at a pixel size; DejaVu Sans, or Pillow's own scalable face, where its file
    cannot be read.
    """
    for one in (face, DEJAVU):
        with suppress(OSError):
            # Not shaped by another library: one more that would read an uploaded file.
            layout = ImageFont.Layout.BASIC
            return ImageFont.truetype(one.bold if bold else one.regular, size, 0, "", layout)
    return ImageFont.load_default(size)


@dataclass(frozen=True)
class TextLine:
    """One set line: its text, its indent and the space above it, in pixels."""

    text: str
    indent: int = 0
    above: int = 0
    bullet: bool = False


@dataclass(frozen=True)
class TextBlock:
    """Fitted text, ready to be drawn anywhere."""

    lines: tuple[TextLine, ...]
    size: int
    bold: bool
    leading: int
    face: Typeface = DEJAVU
    cut: bool = False
    """True if some of the text had no room, even at the smallest size."""

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the bottom of the last."""
        return sum(self.leading + line.above for line in self.lines)

    @property
    def width(self) -> int:
        """Pixels of the widest line."""
        face = font(self.size, self.bold, self.face)
        return max(
            (round(line.indent + face.getlength(line.text)) for line in self.lines), default=0
        )

    def draw(
        self, canvas: Image.Image, left: int, top: int, colour: Colour, centred_in: int = 0
    ) -> int:
        """Draw with the corner at (left, top); return the y below. `centred_in` is a width."""
        pen, face = ImageDraw.Draw(canvas), font(self.size, self.bold, self.face)
        for line in self.lines:
            top += line.above
            x = float(left + line.indent)
            if centred_in:
                x = left + (centred_in - face.getlength(line.text)) / 2
            if line.bullet:
                dot, middle = self.size * 0.13, top + self.leading * 0.5
                centre = left + line.indent * 0.45
                pen.ellipse((centre - dot, middle - dot, centre + dot, middle + dot), fill=colour)
            pen.text((x, top + self.leading / 2), line.text, fill=colour, font=face, anchor="lm")
            top += self.leading
        return top


EMPTY = TextBlock((), 1, False, 0)


def _pixels(word: str, face: Font, letters: int) -> int:
    return math.ceil(face.getlength(word[:letters]))


@lru_cache(maxsize=4096)
def _broken(word: str, face: Font, width: int) -> tuple[str, ...]:
    """Cut a word that is too long for a line."""
    parts: list[str] = []
    if face.getlength(word) <= width:
        return (word,)
    while word and face.getlength(word) > width:
        fits = bisect_right(range(1, len(word)), width, key=partial(_pixels, word, face))
        cut = max(1, fits)
        parts.append(word[:cut])
        word = word[cut:]
    return (*parts, word) if word else tuple(parts)


def _wrapped(text: str, face: Font, width: int) -> list[str]:
    """Wrap words into lines no wider than `width`; each word is measured once."""
    lines: list[list[str]] = [[]]
    space, used = face.getlength(" "), 0.0
    for word in text.split():
        for part in _broken(word, face, width):
            wide = face.getlength(part)
            if lines[-1] and used + space + wide > width:
                lines.append([])
            used = used + space + wide if lines[-1] else wide
            lines[-1].append(part)
    return [" ".join(line) for line in lines]


def _balanced(text: str, face: Font, width: int) -> list[str]:
    """Wrap to as few lines as fit, all of about the same length."""
    lines = _wrapped(text, face, width)
    narrow, wide = width // 2, width
    while wide - narrow > 8:
        middle = (narrow + wide) // 2
        if len(_wrapped(text, face, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return _wrapped(text, face, wide)


def _lines(text: str, face: Font, width: int, *, balance: bool) -> list[str]:
    """Wrap a paragraph; a last line of hardly a word is balanced away."""
    lines = [] if balance else _wrapped(text, face, width)
    if not lines or (len(lines) > 1 and face.getlength(lines[-1]) < width * LONELY_SHARE):
        return _balanced(text, face, width)
    return lines


def set_text(
    text: str, width: int, size: int, *, bold: bool, balance: bool, face: Typeface = DEJAVU
) -> TextBlock:
    """Set text at a size, however high it becomes. Empty lines are space between paragraphs."""
    letters, leading = font(size, bold, face), round(size * (1.22 if bold else 1.38))
    lines: list[TextLine] = []
    gap = 0
    for paragraph in text.strip().splitlines():
        words, indent = paragraph.strip(), 0
        if not words:
            gap = round(size * 0.55)
            continue
        bullet = words.startswith(BULLETS)
        if bullet:
            words, indent = words[2:].strip(), round(size * 1.1)
        pieces = _lines(words, letters, width - indent, balance=balance)
        for number, piece in enumerate(pieces):
            lines.append(TextLine(piece, indent, gap if lines else 0, bullet and number == 0))
            gap = 0
    return TextBlock(tuple(lines), size, bold, leading, face)


def _longest_word(text: str, face: Font) -> float:
    """Return the pixels of the longest word, which is broken only where no size would hold it."""
    longest = sorted(text.split(), key=len)[-3:]
    return max(face.getlength(word) for word in longest)


def fit_text(
    text: str,
    width: int,
    height: int,
    sizes: Sequence[int],
    *,
    bold: bool = False,
    balance: bool = False,
    face: Typeface = DEJAVU,
) -> TextBlock:
    """Set text at the largest of `sizes` (falling) that fits; at the smallest the text is cut
    short.
    """
    if not text.strip():
        return EMPTY
    for size in sizes:
        block = set_text(text, width, size, bold=bold, balance=balance, face=face)
        whole = _longest_word(text, font(size, bold, face)) <= width
        if whole and block.height <= height and block.width <= width:
            return block
    if block.height <= height:
        return block
    return _cut(block, width, height)


def fit_heading(
    text: str, width: int, height: int, sizes: Sequence[int], *, face: Typeface = DEJAVU
) -> TextBlock:
    """Set bold text on one line if that costs at most a third of its size, else on several."""
    for size in sizes:
        if size * 3 < sizes[0] * 2 or not text.strip():
            break
        block = set_text(text, width, size, bold=True, balance=False, face=face)
        if len(block.lines) == 1:
            return block
    return fit_text(text, width, height, sizes, bold=True, balance=True, face=face)


def _cut(block: TextBlock, width: int, height: int) -> TextBlock:
    """Keep as many lines as fit; an ellipsis marks the cut."""
    lines: list[TextLine] = []
    used = 0
    for line in block.lines:
        used += line.above + block.leading
        if used > height and lines:
            lines[-1] = _with_ellipsis(lines[-1], block, width)
            break
        lines.append(line)
    return replace(block, lines=tuple(lines), cut=True)


def _with_ellipsis(line: TextLine, block: TextBlock, width: int) -> TextLine:
    """Let the line end in an ellipsis, without the words that then have no room."""
    face, words = font(block.size, block.bold, block.face), line.text.split()
    while face.getlength(_ended(words)) > width - line.indent and len("".join(words)) > 1:
        words = words[:-1] if len(words) > 1 else [words[0][:-1]]
    return replace(line, text=_ended(words))


def _ended(words: list[str]) -> str:
    return " ".join(words).rstrip(".,;: ") + " \u2026"
