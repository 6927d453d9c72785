"""The drawing of what stands in a corner: the channel's bug, and the clock."""

from PIL import Image, ImageDraw

from media.graphics.countdown import DrawnTime
from media.graphics.digits import cells
from media.graphics.stage import BAND_BOTTOM, LEAST_TEXT, DrawnGraphic, Stage, even
from media.palette import BLACK, WHITE
from media.typeset import fit_text, font

LOGO_ROWS, LOGO_COLUMNS = 0.1, 0.16
"""Most of the picture that a logo has."""
RED, GREY = (176, 28, 32), (52, 60, 72)
"""The pills of LIVE and REPLAY; no red of more colour, which bleeds on an old set."""
PILL_ALPHA = 230
CLOCK_ALPHA = 150


def bug(
    stage: Stage, corner: str, text: str, logo: Image.Image | None, opacity: float, word: str = ""
) -> DrawnGraphic:
    """Draw the bug for a corner such as `top left`, with a word beneath it, or above it in a lower
    corner. The word keeps its own opacity, so that it can be read.
    """
    mark = _faded(_logo(stage, logo) if logo is not None else _letters(stage, text), opacity)
    pill = _pill(stage, word) if word else None
    gap = even(stage.height * 0.012) if pill is not None else 0
    width = even(max(mark.width, pill.width if pill is not None else 0))
    height = even(mark.height + gap + (pill.height if pill is not None else 0))
    image = Image.new("RGBA", (width, height), (*BLACK, 0))
    below, right = corner.startswith("bottom"), corner.endswith("right")
    image.paste(mark, ((width - mark.width) * right, (height - mark.height) * below))
    if pill is not None:
        image.paste(pill, ((width - pill.width) * right, (height - pill.height) * (not below)))
    return _placed(stage, corner, image)


def clock(stage: Stage, corner: str, digits: int, colons: int) -> DrawnTime:
    """Draw the panel of a clock with so many digits and colons for a corner."""
    drawn = cells(round(stage.height * 0.058), WHITE, stage.face)
    pad = even(stage.height * 0.016)
    width, height = drawn.width(digits, colons) + 2 * pad, drawn.height + pad
    image = Image.new("RGBA", (width, even(height)), (*BLACK, 0))
    ImageDraw.Draw(image).rounded_rectangle(
        (0, 0, width - 1, image.height - 1), radius=pad, fill=(*BLACK, CLOCK_ALPHA)
    )
    return DrawnTime(_placed(stage, corner, image), drawn, pad, even(pad / 2))


def _placed(stage: Stage, corner: str, image: Image.Image) -> DrawnGraphic:
    left, top = stage.margin, stage.ceiling
    if corner.endswith("right"):
        left = stage.width - stage.margin - image.width
    if corner.startswith("bottom"):
        top = even(stage.height * BAND_BOTTOM) - image.height
    return DrawnGraphic(image, left, top)


def _logo(stage: Stage, logo: Image.Image) -> Image.Image:
    """Return the logo as large as it may be, whole."""
    most = (stage.width * LOGO_COLUMNS, stage.height * LOGO_ROWS)
    share = min(most[0] / logo.width, most[1] / logo.height)
    sides = (even(logo.width * share), even(logo.height * share))
    return logo.convert("RGBA").resize(sides, Image.Resampling.LANCZOS)


def _letters(stage: Stage, text: str) -> Image.Image:
    """Draw white letters with a dark rim, to be read on any picture."""
    rim = max(stage.line, round(stage.height * 0.005))
    block = fit_text(
        text, round(stage.width * 0.3), round(stage.height * 0.12), stage.sizes(0.062), bold=True,
        face=stage.face,
    )  # fmt: skip
    words = " ".join(line.text for line in block.lines)
    letters = font(block.size, True, stage.face)
    left, top, right, bottom = letters.getbbox(words, stroke_width=rim)
    image = Image.new("RGBA", (even(right - left + 2), even(bottom - top + 2)), (*BLACK, 0))
    ImageDraw.Draw(image).text(
        (1 - left, 1 - top), words, font=letters, fill=(*WHITE, 255), stroke_width=rim,
        stroke_fill=(*BLACK, 255),
    )  # fmt: skip
    return image


def _pill(stage: Stage, word: str) -> Image.Image:
    size = max(8, round(stage.height * LEAST_TEXT))
    letters = font(size, True, stage.face)
    width, height = even(letters.getlength(word) + size * 0.9), even(size * 1.35)
    image = Image.new("RGBA", (width, height), (*BLACK, 0))
    pen = ImageDraw.Draw(image)
    colour = RED if word == "LIVE" else GREY
    pen.rounded_rectangle(
        (0, 0, width - 1, height - 1), radius=size * 0.25, fill=(*colour, PILL_ALPHA)
    )
    pen.text((width / 2, height / 2), word, font=letters, fill=(*WHITE, 255), anchor="mm")
    return image


def _faded(image: Image.Image, opacity: float) -> Image.Image:
    alpha = image.getchannel("A").point(lambda value: round(value * opacity))
    faded = image.copy()
    faded.putalpha(alpha)
    return faded
