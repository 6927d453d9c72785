"""A heading above a text in one column: the part that most layouts share."""

from media.slides.frame import Frame, SlideBox


def draw_column(frame: Frame, box: SlideBox, heading: str, body: str, *, bar: bool = True) -> None:
    """Draw heading, rule and text into the box, a little above its middle."""
    head = frame.heading(
        heading, box.width, round(box.height * 0.4 if body.strip() else box.height)
    )
    gap = round(frame.height * 0.06) if heading.strip() and body.strip() else 0
    text = frame.text(body, box.width, box.height - head.height - 2 * gap)
    frame.note(head, text)
    used = head.height + text.height + 2 * gap
    top = box.top + round(max(0, box.height - used) * 0.38)
    if bar:
        frame.bar(top, top + used)
    top = head.draw(frame.canvas, box.left, top, frame.palette.heading)
    if gap:
        frame.rule(box.left, top + gap * 3 // 4, min(box.width, round(frame.width * 0.12)))
    text.draw(frame.canvas, box.left, top + 2 * gap - gap // 4, frame.palette.body)
