"""The layout of a logo in the middle, with a heading and a line of text beneath."""

from media.slides import text
from media.slides.content import DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame, SlideBox

LOGO_SHARE = 0.46
"""Share of the height that the logo has."""


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw the slide's picture, or else the station's logo, above its text; without either, text
    alone.
    """
    logo = slide.picture or look.logo
    if logo is None:
        return text.draw(slide, look, size)
    frame = Frame(slide, look, size)
    box, gap = frame.box, round(frame.height * 0.04)
    room = box.height - round(box.height * LOGO_SHARE) - gap
    head = frame.heading(slide.heading, box.width, round(room * 0.6), 0.1)
    body = frame.text(slide.body, box.width, room - head.height - gap, 0.05, balance=True)
    frame.note(head, body)
    used = head.height + (gap // 2 + body.height if body.lines else 0)
    high = round(box.height * LOGO_SHARE)
    top = box.top + max(0, box.height - high - gap - used) // 2
    at = frame.paste(logo, SlideBox(box.left, top, box.right, top + high))
    left, inner = box.left, box.width
    top = head.draw(frame.canvas, left, at.bottom + gap, frame.palette.heading, centred_in=inner)
    body.draw(frame.canvas, left, top + gap // 2, frame.palette.body, centred_in=inner)
    return frame.drawn()
