"""The face of a graphic as a drawing: what its pixels depend on, and the pixels."""

from fractions import Fraction
from typing import assert_never

from PIL.Image import Image

from media.graphics import coming_next, corner, countdown, crawl, lower_third
from media.graphics.countdown import DrawnTime
from media.graphics.stage import DrawnGraphic, Stage
from playout.direction.graphics.shown import (
    BugFace,
    CountdownFace,
    CrawlFace,
    Face,
    NextFace,
    ThirdFace,
    TimeFace,
)
from playout.model.graphics import Crawl, SpeedUnit
from playout.model.layered import Crawling, DigitForm, Digits

WITH_SECONDS = (DigitForm.SECONDS_12, DigitForm.SECONDS_24)


def key_of(face: Face, logo: str) -> tuple[str, ...]:
    """Return all of a face that its pixels depend on; `logo` is the path of its file."""
    match face:
        case BugFace():
            bug = face.bug
            return ("bug", bug.corner.value, bug.text, logo, str(bug.opacity), face.word)
        case ThirdFace():
            return ("third", face.first, face.second)
        case CrawlFace():
            return ("crawl", face.crawl.text)
        case NextFace():
            return ("next", face.heading, face.title)
        case CountdownFace():
            return ("countdown", face.title, face.heading)
        case TimeFace():
            return ("time", face.corner.value, face.form.value)
    assert_never(face)


def drawing_of(face: Face, stage: Stage, logo: Image | None) -> DrawnGraphic | DrawnTime:
    """Draw a face. Raises ValueError if the picture is too small for it."""
    match face:
        case BugFace():
            bug = face.bug
            return corner.bug(stage, bug.corner.value, bug.text, logo, bug.opacity, face.word)
        case ThirdFace():
            return lower_third.draw(stage, face.first, face.second)
        case CrawlFace():
            return crawl.draw(stage, face.crawl.text)
        case NextFace():
            return coming_next.draw(stage, face.heading, face.title)
        case CountdownFace():
            return countdown.draw(stage, face.title, face.heading)
        case TimeFace():
            long = face.form in WITH_SECONDS
            return corner.clock(stage, face.corner.value, 6 if long else 4, 2 if long else 1)
    assert_never(face)


def digits_of(face: Face, path: str, drawn: DrawnTime) -> Digits:
    """Return what a face counts, in cells whose file has this path."""
    cells = drawn.cells
    counted = Digits(
        path, cells.cell, cells.colon, cells.height, drawn.left, drawn.top, DigitForm.LEFT
    )
    return counting(face, counted)


def counting(face: Face, digits: Digits) -> Digits:
    """Return the digits as they count for this face."""
    if isinstance(face, CountdownFace):
        form, target, offset = DigitForm.LEFT, face.target, 0
    else:
        assert isinstance(face, TimeFace)
        form, target, offset = face.form, None, face.offset
    return Digits(
        digits.path, digits.cell, digits.colon, digits.height, digits.left, digits.top,
        form, target, offset,
    )  # fmt: skip


def crawling(wanted: Crawl, stage: Stage, rate: Fraction) -> Crawling:
    """Return the motion of a crawl over a house picture at `rate` pictures a second."""
    width = crawl.text_width(wanted.text, stage.height, stage.face)
    if wanted.unit is SpeedUnit.PIXELS:
        pixels = max(crawl.LEAST_PIXELS, wanted.speed / rate)
    else:
        pixels = crawl.pixels_a_tick(wanted.speed, stage.height, stage.face, rate)
    return Crawling(width, pixels, wanted.times)
