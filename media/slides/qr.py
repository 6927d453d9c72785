"""The layout of a link as a QR code beside the text that says where it leads."""

import segno
from PIL import Image, ImageDraw

from media.slides import text
from media.slides.column import draw_column
from media.slides.content import SAFE_SHARE, DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame, SlideBox

QUIET_MODULES = 4
"""White modules around a code (ISO/IEC 18004)."""
LEAST_MODULE_ROWS = 1 / 80
"""The least height of one module, as a share of the picture: 9 rows of 720, or 8 mm on a set of 50
inches. A telephone reads a code from some 300 times the size of a module: here 2.5 m."""


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw the text left and the code right, its second text below; without a link, text alone."""
    code = code_of(slide.link)
    if code is None:
        return text.draw(slide, look, size)
    frame = Frame(slide, look, size)
    whole = frame.box
    right = round(frame.width * (1 - SAFE_SHARE))
    below = frame.text(slide.second, round(frame.width * 0.34), round(frame.height * 0.14), 0.044,
                       balance=True)  # fmt: skip
    room = whole.height - (below.height + frame.height // 40 if below.lines else 0)
    side = min(room, round(frame.width * 0.36))
    tile = SlideBox(right - side, whole.top, right, whole.top + side)
    frame.fine_code = not _code(frame, code, tile)
    frame.note(below)
    below.draw(frame.canvas, tile.left, tile.bottom + frame.height // 40, frame.palette.body,
               centred_in=side)  # fmt: skip
    column = SlideBox(whole.left, whole.top, tile.left - round(frame.width * 0.04), whole.bottom)
    draw_column(frame, column, slide.heading, slide.body)
    return frame.drawn()


def code_of(link: str) -> segno.QRCode | None:
    """Return the code of a link; None for none, or for one that is too long for any code."""
    if not link.strip():
        return None
    try:
        return segno.make(link.strip(), error="m", micro=False)
    except (segno.DataOverflowError, ValueError):
        return None


def _code(frame: Frame, code: segno.QRCode, tile: SlideBox) -> bool:
    """Draw the code on a white tile in whole pixels; return whether its modules are large
    enough.
    """
    modules = [[255 - 255 * bool(dark) for dark in row] for row in code.matrix]
    across = len(modules) + 2 * QUIET_MODULES
    scale = max(1, tile.width // across)
    pen = ImageDraw.Draw(frame.canvas)
    pen.rounded_rectangle(
        (tile.left, tile.top, tile.right - 1, tile.bottom - 1),
        radius=frame.height // 40, fill=(255, 255, 255),
    )  # fmt: skip
    drawn = Image.new("L", (len(modules), len(modules)))
    drawn.putdata([dark for row in modules for dark in row])
    whole = drawn.resize((len(modules) * scale,) * 2, Image.Resampling.NEAREST)
    spare = tile.width - whole.width
    frame.canvas.paste(whole.convert("RGB"), (tile.left + spare // 2, tile.top + spare // 2))
    return scale >= frame.height * LEAST_MODULE_ROWS
