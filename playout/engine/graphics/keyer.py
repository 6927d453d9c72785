"""The keyer of graphics with transparency: lays those that are due over the picture of a tick."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.names import HouseFormat
from playout.engine.graphics.mix import Sprite, read_sprite
from playout.engine.graphics.moments import digits_at, opacity, text_left
from playout.engine.links.ring import Picture, planes
from playout.model.layer import Layer
from playout.model.layered import CELLS, DigitForm, Digits, Layered

log = logging.getLogger(__name__)
WITH_SECONDS = (DigitForm.SECONDS_12, DigitForm.SECONDS_24)
"""The forms of three pairs of digits; the others have two."""
FirstAt = Callable[[datetime], int]
"""A function that returns the first tick at or after a UTC instant."""
Planes = tuple[Picture, Picture, Picture]


@dataclass(frozen=True)
class LaidTick:
    """The tick that a picture is for, and the rows of it that stay free of graphics."""

    number: int
    instant: datetime
    layer: Layer
    first_at: FirstAt
    kept: tuple[int, int] = (0, 0)
    """Rows [first, last) of the emergency message, which comes before all."""


@dataclass(frozen=True)
class _Drawn:
    """A graphic in memory, with the cells of its digits if it has some."""

    order: Layered
    face: Sprite
    cells: Sprite | None


@dataclass(frozen=True)
class _Covered:
    """A box of the picture as it is beneath a graphic, plane by plane."""

    left: int
    top: int
    planes: tuple[Picture, ...]


class LayerKeyer:
    """The graphics with transparency of one channel, held in memory. One that cannot be read or
    does not fit is logged and skipped, and is read again when it is next ordered.
    """

    def __init__(self, house: HouseFormat) -> None:
        self._house = house
        self._drawn: list[_Drawn] = []
        self._wanted: tuple[Layered, ...] | None = ()
        self._covered: list[_Covered] = []
        self.begun: dict[str, int] = {}
        """The tick on which each graphic that is due began, by id; outlives the process."""
        self.shown: tuple[str, ...] = ()
        """Ids of the graphics on the last picture, the topmost last."""

    @property
    def boxes(self) -> tuple[tuple[int, int, int, int], ...]:
        """Left, top, width and height of each graphic on the last picture."""
        return tuple(
            (one.left, one.top, one.planes[0].shape[1], one.planes[0].shape[0])
            for one in self._covered
        )

    @property
    def is_bare(self) -> bool:
        """Tell whether there is no graphic to lay, now or later."""
        return not self._drawn

    def use(self, graphics: Sequence[Layered]) -> None:
        """Lay these from now on, each in its time; later ones over earlier ones."""
        if self._wanted == tuple(graphics):
            return
        known = {drawn.order.path: drawn.face for drawn in self._drawn}
        known |= {d.order.digits.path: d.cells for d in self._drawn if d.order.digits and d.cells}
        self._drawn = [
            drawn for order in graphics if (drawn := _read(order, self._house, known)) is not None
        ]
        self._wanted = tuple(graphics) if len(self._drawn) == len(graphics) else None

    def lay(self, picture: Picture, tick: LaidTick) -> None:
        """Write the graphics of this tick into a house picture."""
        whole = planes(picture, self._house.width, self._house.height)
        shown, begun = [], {}
        self._covered = []
        for drawn in self._drawn:
            order, first, end = drawn.order, *self._ticks(drawn.order, tick)
            if not first <= tick.number < end:
                continue
            begun[order.id] = first
            fade = round(order.fade * self._house.rate)
            strength = opacity(tick.number, first, end, fade)
            if strength and not _is_hidden(order, tick):
                self._covered.append(_beneath(whole, order))
                _lay(whole, drawn, strength, tick, first)
                shown.append(order.id)
        self.begun, self.shown = begun, tuple(shown)

    def lay_nothing(self) -> None:
        """Pass a picture by while there is no graphic."""
        self._covered, self.begun, self.shown = [], {}, ()

    def uncover(self, picture: Picture) -> None:
        """Put back what lay beneath the graphics of the last tick, in a copy of its picture."""
        whole = planes(picture, self._house.width, self._house.height)
        for covered in reversed(self._covered):
            for number, saved in enumerate(covered.planes):
                _box(whole, number, covered.left, covered.top, *saved.shape)[...] = saved

    def _ticks(self, order: Layered, tick: LaidTick) -> tuple[int, int]:
        """Return the ticks [first, end) over which a graphic is due."""
        first, end = tick.first_at(order.at), tick.first_at(order.until)
        if first <= tick.number:
            first = self.begun.get(order.id, first)
        lasts = order.crawl.ticks(order.width) if order.crawl is not None else None
        return first, end if lasts is None else min(end, first + lasts)


def _is_hidden(order: Layered, tick: LaidTick) -> bool:
    """Return whether another layer is on air than those it lies over, or the emergency message
    comes before it.
    """
    first, last = tick.kept
    overlaps = order.top < last and first < order.top + order.height
    return overlaps or bool(order.over and tick.layer not in order.over)


def _lay(whole: Planes, drawn: _Drawn, strength: int, tick: LaidTick, first: int) -> None:
    order = drawn.order
    if order.crawl is not None:
        left = text_left(order.crawl, order.width, tick.number - first)
        _lay_crawl(whole, drawn, strength, left)
        return
    for number in range(3):
        plane = drawn.face.plane(number, 0, order.width, strength)
        plane.lay(_box(whole, number, order.left, order.top, *plane.keep.shape))
    if order.digits is not None and drawn.cells is not None:
        _lay_digits(whole, order, order.digits, drawn.cells, strength, tick.instant)


def _lay_crawl(whole: Planes, drawn: _Drawn, strength: int, left: int) -> None:
    """Lay the text with its left edge `left` columns into the box, and its first column, which is
    bare band, over the rest of the box.
    """
    order, face = drawn.order, drawn.face
    for number in range(3):
        half = 1 if number == 0 else 2
        width, columns = order.width // half, face.colours[number].shape[1]
        box = _box(whole, number, order.left, order.top, order.height // half, width)
        edge = left // half
        begin, end = max(0, min(edge, width)), max(0, min(edge + columns, width))
        band = face.plane(number, 0, 1, strength)
        band.lay(box[:, :begin])
        face.plane(number, begin - edge, end - begin, strength).lay(box[:, begin:end])
        band.lay(box[:, end:])


def _lay_digits(
    whole: Planes, order: Layered, digits: Digits, cells: Sprite, strength: int, at: datetime
) -> None:
    left, top = order.left + digits.left, order.top + digits.top
    for character in digits_at(digits, at):
        width = digits.colon if character == ":" else digits.cell
        if character in CELLS:
            for number in range(3):
                half = 1 if number == 0 else 2
                place = CELLS.index(character) * digits.cell // half
                plane = cells.plane(number, place, width // half, strength)
                plane.lay(_box(whole, number, left, top, *plane.keep.shape))
        left += width


def _beneath(whole: Planes, order: Layered) -> _Covered:
    saved = []
    for number in range(3):
        half = 1 if number == 0 else 2
        sides = (order.height // half, order.width // half)
        saved.append(_box(whole, number, order.left, order.top, *sides).copy())
    return _Covered(order.left, order.top, tuple(saved))


def _box(whole: Planes, number: int, left: int, top: int, rows: int, columns: int) -> Picture:
    """Return a box of one plane, as a view; its corner is given in columns and rows of luma."""
    half = 1 if number == 0 else 2
    y, x = top // half, left // half
    return whole[number][y : y + rows, x : x + columns]


def _read(order: Layered, house: HouseFormat, known: Mapping[str, Sprite]) -> _Drawn | None:
    """Return the graphic in memory; None, with a line in the log, if that cannot be."""
    try:
        _check(order, house)
        width = order.crawl.text if order.crawl is not None else order.width
        face = known.get(order.path) or read_sprite(order.path, width, order.height)
        digits, cells = order.digits, None
        if digits is not None:
            row = 10 * digits.cell + digits.colon
            cells = known.get(digits.path) or read_sprite(digits.path, row, digits.height)
    except OSError as error:
        log.error("graphic %s cannot be read: %s", order.id, error.strerror)
        return None
    except ValueError as error:
        log.error("graphic %s is not laid: %s", order.id, error)
        return None
    return _Drawn(order, face, cells)


def _check(order: Layered, house: HouseFormat) -> None:
    """Raise ValueError if the graphic does not lie wholly inside the picture, on even pixels."""
    _fits(order.left, order.top, order.width, order.height, house.width, house.height)
    if order.crawl is not None and (order.crawl.pixels <= 0 or order.crawl.text < 2):
        raise ValueError("its text does not move")
    digits = order.digits
    if digits is not None:
        colons = 2 if digits.form in WITH_SECONDS else 1
        columns = 2 * (colons + 1) * digits.cell + colons * digits.colon
        _fits(digits.left, digits.top, columns, digits.height, order.width, order.height)
        _fits(0, 0, digits.cell, 2, digits.cell, 2)
        _fits(0, 0, digits.colon, 2, digits.cell, 2)


def _fits(left: int, top: int, width: int, height: int, columns: int, rows: int) -> None:
    inside = 0 <= left <= columns - width and 0 <= top <= rows - height
    if not inside or width < 2 or height < 2 or any(n % 2 for n in (left, top, width, height)):
        raise ValueError(f"{width}x{height} at {left}, {top} does not fit into {columns}x{rows}")
