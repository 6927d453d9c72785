"""The layout of a heading above two columns of text."""

from media.slides.content import SMALLEST_TEXT, DrawnSlide, Look, Size, SlideContent
from media.slides.frame import Frame
from media.typeset import TextBlock, set_text

LARGEST = 0.066


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw the heading, and body and second text beside each other in one size."""
    frame = Frame(slide, look, size)
    box, gutter = frame.box, round(frame.width * 0.05)
    head = frame.heading(slide.heading, box.width, round(box.height * 0.34), 0.095)
    gap = round(frame.height * 0.055) if head.lines else 0
    width, room = (box.width - gutter) // 2, box.height - head.height - 2 * gap
    left, right = _same_size(frame, (slide.body, slide.second), width, room)
    frame.note(head, left, right)
    used = head.height + 2 * gap + max(left.height, right.height)
    top = box.top + round(max(0, box.height - used) * 0.38)
    frame.bar(top, top + used)
    top = head.draw(frame.canvas, box.left, top, frame.palette.heading)
    if gap:
        frame.rule(box.left, top + gap * 3 // 4, round(frame.width * 0.12))
    top += 2 * gap - gap // 4
    left.draw(frame.canvas, box.left, top, frame.palette.body)
    right.draw(frame.canvas, box.left + width + gutter, top, frame.palette.body)
    return frame.drawn()


def _same_size(frame: Frame, texts: tuple[str, str], width: int, room: int) -> list[TextBlock]:
    """Set both texts in the largest size in which both fit."""
    for size in frame.sizes(LARGEST):
        blocks = [
            set_text(text, width, size, bold=False, balance=False, face=frame.look.face)
            for text in texts
        ]
        if all(block.height <= room and block.width <= width for block in blocks):
            return blocks
    return [frame.text(text, width, room, SMALLEST_TEXT) for text in texts]
