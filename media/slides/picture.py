"""The layouts of a picture: beside the text, or over the whole screen with a band of text."""

import numpy as np
from PIL import Image, ImageDraw

from media.palette import BLACK, LEAST_CONTRAST, WHITE, Palette, between, contrast
from media.slides import text
from media.slides.column import draw_column
from media.slides.content import SAFE_SHARE, DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame, SlideBox

TEXT_SHARE = 0.5
"""Share of the width that the text has beside a picture."""
BAND_SHARES = (0.88, 0.92, 0.96, 1.0)
"""Opacities of the band at the foot of a full picture, tried until its text can be read."""


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw the text left and the picture right, cut to its half; without a picture, text alone."""
    if slide.picture is None:
        return text.draw(slide, look, size)
    frame = Frame(slide, look, size)
    whole, edge = frame.box, round(frame.width * TEXT_SHARE)
    shown = SlideBox(
        edge + round(frame.width * 0.04), whole.top, round(frame.width * (1 - SAFE_SHARE)),
        whole.bottom,
    )  # fmt: skip
    _rounded(frame, slide.picture, shown)
    left = SlideBox(whole.left, whole.top, edge, whole.bottom)
    draw_column(frame, left, slide.heading, slide.body)
    return frame.drawn()


def draw_full(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw the picture over the whole screen, and the text in a band at its foot."""
    if slide.picture is None:
        return text.draw(slide, look, size)
    frame = Frame(slide, look, size)
    frame.paste(slide.picture, SlideBox(0, 0, frame.width, frame.height), fill=True)
    margin, foot = round(frame.width * SAFE_SHARE), round(frame.height * (1 - SAFE_SHARE))
    if any(corner.startswith("bottom") for corner in look.clear):
        foot = frame.box.bottom
    inner, gap = frame.width - 2 * margin, frame.height // 60
    head = frame.heading(slide.heading, inner, round(frame.height * 0.2), 0.085)
    body = frame.text(slide.body, inner, round(frame.height * 0.26), 0.052)
    frame.note(head, body)
    used = head.height + body.height + (gap if head.lines and body.lines else 0)
    if not used:
        return frame.drawn()
    top = foot - used
    _band(frame, top - frame.height // 20)
    top = head.draw(frame.canvas, margin, top, frame.palette.heading)
    body.draw(frame.canvas, margin, foot - body.height, frame.palette.body)
    return frame.drawn()


def _rounded(frame: Frame, picture: Image.Image, box: SlideBox) -> None:
    """Lay the picture into the box with round corners."""
    corner = Image.new("L", (box.width * 2, box.height * 2), 0)
    ImageDraw.Draw(corner).rounded_rectangle(
        (0, 0, corner.width - 1, corner.height - 1), radius=frame.height // 24, fill=255
    )
    mask = corner.resize((box.width, box.height), Image.Resampling.LANCZOS)
    plain = frame.canvas.copy()
    frame.paste(picture, box, fill=True)
    shown = frame.canvas.crop((box.left, box.top, box.right, box.bottom))
    frame.canvas.paste(plain)
    frame.canvas.paste(shown, (box.left, box.top), mask)


def band_share(palette: Palette) -> float:
    """Return the opacity at which the texts of the band can be read over any picture."""
    for share in BAND_SHARES:
        grounds = [between(picture, palette.bottom, share) for picture in (BLACK, WHITE)]
        texts = palette.heading, palette.body
        if all(contrast(text, g) >= LEAST_CONTRAST for text in texts for g in grounds):
            return share
    return BAND_SHARES[-1]


def _band(frame: Frame, top: int) -> None:
    """Darken, or lighten, the picture from `top` down into the palette's background."""
    rise = max(2, frame.height // 12)
    top = max(0, top)
    rows = frame.height - max(0, top - rise)
    opacity = band_share(frame.palette)
    ramp = np.minimum(np.arange(rows, dtype=np.float32) / rise, 1.0) * opacity * 255
    mask = Image.fromarray(np.repeat(ramp.astype(np.uint8)[:, None], frame.width, axis=1))
    ground = Image.new("RGB", (frame.width, rows), frame.palette.bottom)
    frame.canvas.paste(ground, (0, frame.height - rows), mask)
    accent = max(2, frame.height // 160)
    pen = ImageDraw.Draw(frame.canvas)
    margin = round(frame.width * SAFE_SHARE)
    y = top + frame.height // 40
    pen.rectangle((margin, y - accent, margin + round(frame.width * 0.12), y - 1),
                  fill=frame.palette.accent)  # fmt: skip
