"""Graphics over the picture, drawn once each and ordered of the engine ahead of time."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from PIL.Image import Image

from config.names import HouseFormat
from media.graphics.countdown import DrawnTime
from media.graphics.layer import to_layer
from media.graphics.stage import Stage
from playout.bulletins.looks import FindFile, LookReader, opened, palettes
from playout.direction.graphics.over import graphics_over
from playout.direction.graphics.shown import BugFace, CrawlFace, Face, Shown
from playout.host.drawn_files import DrawnFiles
from playout.host.faces import counting, crawling, digits_of, drawing_of, key_of
from playout.model.graphics import Crawl
from playout.model.layered import Layered
from playout.model.plan import Plan
from playout.state.air_state import Situation

log = logging.getLogger(__name__)
MOST_DRAWN_IN_A_TURN = 2
"""New drawings in one turn of the agent, which waits for them."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Drawn:
    """A drawn graphic, without the times at which it is shown, and its files with their sizes."""

    order: Layered
    files: tuple[tuple[str, int], ...]


class LayerDrawings:
    """Decides and draws the graphics of one channel. What cannot be drawn is left out."""

    def __init__(
        self, house: HouseFormat, files: DrawnFiles, looks: LookReader, find: FindFile
    ) -> None:
        self._house, self._files, self._looks, self._find = house, files, looks, find
        self._drawn: dict[str, _Drawn] = {}
        self._refused: set[str] = set()

    def over(self, air: Situation, most: int = MOST_DRAWN_IN_A_TURN) -> tuple[Layered, ...]:
        """Return the graphics that are shown now or soon, from the lowest to the topmost.

        Draws at most `most` new ones, the most urgent first; the others come with the next turn.
        """
        stage = self._stage(air.plan)
        shown = graphics_over(air, lambda wanted: self._lasts(wanted, stage))
        return self.draw(shown, stage, most)

    def draw(
        self, shown: Sequence[Shown], stage: Stage | None = None, most: int = MOST_DRAWN_IN_A_TURN
    ) -> tuple[Layered, ...]:
        """Return the orders of what is shown, as far as it is drawn; at most `most` are drawn now.

        The usual colours and font are those of a channel without any of its own.
        """
        stage = stage or Stage(self._house.width, self._house.height)
        names = [self._name(one.face, stage) for one in shown]
        for one, name in sorted(zip(shown, names, strict=True), key=lambda pair: pair[0].at):
            if most > 0 and not self._is_ready(name):
                most -= 1
                self._draw(name, one.face, stage)
        self._drawn = {name: known for name, known in self._drawn.items() if name in names}
        return tuple(self._ordered(shown, names, stage))

    def _ordered(
        self, shown: Sequence[Shown], names: Sequence[str], stage: Stage
    ) -> Iterator[Layered]:
        for one, name in zip(shown, names, strict=True):
            drawn = self._drawn.get(name)
            if drawn is None:
                continue
            order = replace(
                drawn.order, id=one.id, at=one.at, until=one.until,
                fade=one.fade.total_seconds(), over=one.over,
            )  # fmt: skip
            if order.digits is not None:
                order = replace(order, digits=counting(one.face, order.digits))
            if isinstance(one.face, CrawlFace):
                motion = crawling(one.face.crawl, stage, self._house.rate)
                order = replace(order, crawl=motion)
            yield order

    def _stage(self, plan: Plan) -> Stage:
        palette = palettes(plan.look)["plain"]
        return Stage(self._house.width, self._house.height, palette, self._looks.face(plan.look))

    def _lasts(self, wanted: Crawl, stage: Stage) -> timedelta | None:
        """Return how long the passes of a crawl take, to a tick more; None for ever."""
        ticks = crawling(wanted, stage, self._house.rate).ticks(self._house.width)
        if ticks is None:
            return None
        return timedelta(seconds=float((ticks + 1) / self._house.rate))

    def _name(self, face: Face, stage: Stage) -> str:
        """Return the name of a drawing: everything that its pixels depend on."""
        parts = (key_of(face, self._logo(face) or ""), stage)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _logo(self, face: Face) -> str | None:
        """Return the path of a bug's logo; None for none, and while its file is not here."""
        logo = face.logo if isinstance(face, BugFace) else None
        return self._find(logo) if logo is not None else None

    def _is_ready(self, name: str) -> bool:
        drawn = self._drawn.get(name)
        whole = drawn is not None and all(self._files.find(*file) for file in drawn.files)
        return whole or name in self._refused

    def _draw(self, name: str, face: Face, stage: Stage) -> None:
        path = self._logo(face)
        logo = opened(path) if path is not None else None
        try:
            self._drawn[name] = self._kept(name, face, stage, logo)
        except OSError as error:
            log.warning("A graphic could not be kept: %s", error)
        except ValueError as error:
            self._refused.add(name)
            log.warning("A graphic could not be drawn: %s", error)

    def _kept(self, name: str, face: Face, stage: Stage, logo: Image | None) -> _Drawn:
        """Draw a face into files. Raises OSError if they cannot be kept, ValueError if the picture
        is too small for it.
        """
        drawn = drawing_of(face, stage, logo)
        graphic = drawn.face if isinstance(drawn, DrawnTime) else drawn
        path, files = self._keep(name, graphic.image), [_file(name, graphic.image)]
        digits = None
        if isinstance(drawn, DrawnTime):
            cells = f"{name}-cells"
            digits = digits_of(face, self._keep(cells, drawn.cells.image), drawn)
            files.append(_file(cells, drawn.cells.image))
        width = self._house.width if isinstance(face, CrawlFace) else graphic.image.width
        order = Layered(
            name, path, graphic.left, graphic.top, width, graphic.image.height,
            _NEVER, _NEVER, digits=digits,
        )  # fmt: skip
        return _Drawn(order, tuple(files))

    def _keep(self, name: str, image: Image) -> str:
        content = to_layer(image)
        return self._files.find(name, len(content)) or self._files.keep(name, content)


def _file(name: str, image: Image) -> tuple[str, int]:
    """Return the name and the bytes of a layer file."""
    return name, image.width * image.height * 2 + 3 * (image.width // 2) * (image.height // 2)
