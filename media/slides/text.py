"""The layout of a heading above a text, and of a title in the middle."""

from media.slides.column import draw_column
from media.slides.content import SAFE_SHARE, DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw heading and text; in the style `title`, in the middle."""
    frame = Frame(slide, look, size)
    if slide.style == "title":
        _centred(frame, slide)
    else:
        draw_column(frame, frame.box, slide.heading, slide.body)
    return frame.drawn()


def _centred(frame: Frame, slide: SlideContent) -> None:
    """Draw a large heading in the middle, a short rule, and a line or two beneath."""
    left, ceiling = (
        round(frame.width * (SAFE_SHARE + 0.05)),
        max(frame.box.top, round(frame.height * (SAFE_SHARE + 0.03))),
    )
    inner, room = frame.width - 2 * left, frame.box.bottom - ceiling
    head = frame.heading(slide.heading, inner, round(room * 0.6), 0.13)
    gap = round(frame.height * 0.05)
    space = room - head.height - 2 * gap
    text = frame.text(slide.body, inner, space, 0.065, balance=True)
    frame.note(head, text)
    used = head.height + 2 * gap + text.height
    top = ceiling + round(max(0, room - used) * 0.46)
    top = head.draw(frame.canvas, left, top, frame.palette.heading, centred_in=inner)
    rule = round(frame.width * 0.1)
    frame.rule((frame.width - rule) // 2, top + gap - gap // 8, rule)
    text.draw(frame.canvas, left, top + 2 * gap, frame.palette.body, centred_in=inner)
