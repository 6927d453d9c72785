"""The demo city's council at its dais, as a fixed camera sees it."""

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from media.demo.parts import CITY, WHITE, Titles, darker, gradient, seal, strip
from media.demo.stage import OVERSAMPLING, DemoStage, Sprite, disc, sprite, text_sprite
from media.palette import Colour

SKINS: tuple[Colour, ...] = ((236, 188, 160), (141, 85, 54), (198, 134, 96), (92, 56, 40))
CLOTHES: tuple[Colour, ...] = (
    (44, 62, 98), (120, 44, 56), (58, 92, 84), (70, 66, 74), (150, 116, 60), (88, 70, 120),
    (36, 40, 46),
)  # fmt: skip
HAIR: tuple[Colour, ...] = (
    (60, 42, 30),
    (28, 24, 24),
    (150, 150, 154),
    (112, 74, 40),
    (200, 196, 188),
)


def _figure(size: int, number: int) -> Sprite:
    """Draw head and shoulders of one person at the dais."""
    side = size * OVERSAMPLING
    image = Image.new("RGBA", (side, side), (*CLOTHES[number % len(CLOTHES)], 0))
    pen = ImageDraw.Draw(image)
    cloth, skin = CLOTHES[number % len(CLOTHES)], SKINS[number * 3 % len(SKINS)]
    hair = HAIR[number * 2 % len(HAIR)]
    pen.rounded_rectangle(
        (side * 0.1, side * 0.56, side * 0.9, side * 1.5), side * 0.24, (*cloth, 255)
    )
    pen.polygon(
        [(side * 0.42, side * 0.57), (side * 0.58, side * 0.57), (side * 0.5, side * 0.8)],
        fill=(240, 240, 238, 255),
    )
    pen.rectangle((side * 0.44, side * 0.45, side * 0.56, side * 0.6), fill=(*skin, 255))
    if number % 2:
        pen.ellipse((side * 0.3, side * 0.06, side * 0.7, side * 0.5), fill=(*hair, 255))
    pen.ellipse((side * 0.33, side * 0.12, side * 0.67, side * 0.53), fill=(*skin, 255))
    pen.chord((side * 0.32, side * 0.08, side * 0.68, side * 0.46), 185, 355, fill=(*hair, 255))
    return sprite(image.resize((size, size), Image.Resampling.BOX))


class ChamberScene:
    """A council at its dais; the speaker's microphone is lit."""

    PEOPLE = 7

    def __init__(
        self, width: int, height: int, title: str, names: Sequence[str], turn: float, wall: Colour
    ) -> None:
        self._turn, self._names = turn, names
        self.stage = DemoStage(self._room(width, height, wall))
        size = round(height * 0.27)
        self._people = [_figure(size, number) for number in range(self.PEOPLE)]
        self._seats = [width * (0.08 + 0.84 * (n + 0.5) / self.PEOPLE) for n in range(self.PEOPLE)]
        self._desk = sprite(self._dais(width, round(height * 0.16)))
        self._lit, self._dark = (
            disc(height * 0.013, (255, 92, 70)),
            disc(height * 0.013, (60, 20, 18)),
        )
        self._titles = Titles(self.stage, f"{title} \u00b7 {CITY}")
        bar = round(height * 0.13)
        self._bar = strip(round(width * 0.5), bar, (14, 26, 44), 225, (104, 184, 204))
        self._who = [text_sprite(name, round(bar * 0.4), WHITE, bold=True) for name in names]
        self._what = [
            text_sprite(
                f"District {n + 1}" if n else "Presiding", round(bar * 0.3), (190, 206, 220)
            )
            for n in range(len(names))
        ]

    def _room(self, width: int, height: int, wall: Colour) -> Image.Image:
        fine = gradient(width * 2, height * 2, wall, darker(wall, 0.5))
        pen, wide, high = ImageDraw.Draw(fine), width * 2, height * 2
        for number in range(9):
            x = wide * (number + 0.5) / 9
            edge = darker(wall, 0.88)
            pen.rectangle(
                (x - wide * 0.048, high * 0.2, x + wide * 0.048, high * 0.7), outline=edge, width=3
            )
        seal(pen, wide / 2, high * 0.33, high * 0.125, (214, 190, 128))
        for x, colour in ((0.16, (52, 84, 150)), (0.84, (44, 116, 92))):
            pen.line((wide * x, high * 0.16, wide * x, high * 0.72), fill=(190, 160, 90), width=6)
            flag = [(wide * x, high * 0.18), (wide * (x + 0.045), high * 0.24)]
            flag += [(wide * (x + 0.03), high * 0.56), (wide * x, high * 0.6)]
            pen.polygon(flag, fill=colour)
        pen.rectangle((0, high * 0.72, wide, high), fill=(52, 40, 40))
        return fine.resize((width, height), Image.Resampling.BOX)

    def _dais(self, width: int, height: int) -> Image.Image:
        image = Image.new("RGBA", (width, height), (92, 58, 36, 0))
        pen = ImageDraw.Draw(image)
        pen.rectangle((width * 0.04, 0, width * 0.96, height), fill=(96, 60, 38, 255))
        pen.rectangle((width * 0.03, 0, width * 0.97, height * 0.14), fill=(132, 88, 56, 255))
        for number in range(self.PEOPLE):
            x = width * (0.08 + 0.84 * (number + 0.5) / self.PEOPLE)
            half = width * 0.032
            pen.rectangle(
                (x - half, height * 0.3, x + half, height * 0.48), fill=(224, 212, 180, 255)
            )
        return image

    def draw(self, at: float) -> None:
        """See Scene."""
        stage, height = self.stage, self.stage.height
        stage.clear()
        count = int(at / self._turn)
        speaker, into = count * 3 % self.PEOPLE, at % self._turn
        for number, (person, x) in enumerate(zip(self._people, self._seats, strict=True)):
            sway = 2.2 * math.sin(at * 0.7 + number * 1.9)
            nod = 2.0 * math.sin(at * 7.1) if number == speaker else 0.0
            stage.lay(person, x - person.width / 2 + sway, height * 0.435 + nod)
        stage.lay(self._desk, 0, height * 0.66)
        for number, x in enumerate(self._seats):
            light = self._lit if number == speaker else self._dark
            stage.lay(light, x - light.width / 2, height * 0.632)
        if 1.0 < into < self._turn - 1.5:
            who = count % len(self._names)
            slide = min(1.0, (into - 1.0) * 3, (self._turn - 1.5 - into) * 3)
            x, y = self.stage.width * (0.05 - 0.6 * (1 - slide) ** 2), height * 0.82
            stage.lay(self._bar, x, y)
            stage.lay(self._who[who], x + self._bar.height * 0.3, y + self._bar.height * 0.08)
            stage.lay(self._what[who], x + self._bar.height * 0.3, y + self._bar.height * 0.55)
        self._titles.lay(at)
