"""Drawing of a slide by its layout. Whoever shows one calls this: air, pages and tests alike."""

from collections.abc import Mapping
from types import MappingProxyType

from PIL import Image

from media.slides import columns, events, logo, picture, qr, text
from media.slides.content import DrawnSlide, Layout, Look, Size, SlideContent

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "text": text.draw,
        "picture": picture.draw,
        "full": picture.draw_full,
        "qr": qr.draw,
        "logo": logo.draw,
        "columns": columns.draw,
        "events": events.draw,
    }
)


def draw(slide: SlideContent, look: Look, size: Size) -> DrawnSlide:
    """Draw a slide in its layout; an unknown one, of a later version, is text."""
    return LAYOUTS.get(slide.layout, text.draw)(slide, look, size)


def bulletin(
    heading: str,
    body: str,
    style: str,
    width: int,
    height: int,
    station: str = "",
    now_text: str = "",
) -> Image.Image:
    """Draw a page of text in one of STYLES and the usual colours; an unknown style is plain."""
    look = Look(station=station, now_text=now_text)
    return draw(SlideContent(heading, body, style), look, (width, height)).image


def slate(text: str, look: Look, size: Size) -> Image.Image:
    """Draw the picture for when nothing else airs: one calm sentence."""
    words = text or look.station or "We will be right back"
    return draw(SlideContent(words, style="title"), look, size).image
