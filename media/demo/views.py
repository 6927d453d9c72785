"""The demo city's other pictures: a park, public notices and the channel's ident."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from media.demo.parts import CITY, WHITE, Titles, darker, gradient, seal, strip
from media.demo.stage import OVERSAMPLING, DemoStage, Sprite, disc, sprite, text_sprite
from media.palette import Colour
from media.typeset import fit_text


class ParkScene:
    """Hills, a river, a sun that moves and birds; a caption every few seconds."""

    def __init__(
        self, width: int, height: int, title: str, captions: Sequence[str], length: float
    ) -> None:
        self.stage = DemoStage(gradient(width, height, (92, 156, 206), (238, 214, 176)))
        self._length = length
        self._sun = disc(height * 0.085, (255, 236, 170))
        colours: Sequence[Colour] = ((120, 150, 140), (84, 130, 92), (52, 98, 62))
        self._hills = [
            self._hill(width, round(height * (0.34 - 0.05 * n)), colour, n)
            for n, colour in enumerate(colours)
        ]
        self._river = sprite(
            gradient(width, round(height * 0.16), (70, 124, 168), (40, 84, 130)).convert("RGBA")
        )
        self._glint = sprite(
            Image.new("RGBA", (round(width * 0.09), max(2, height // 120)), (220, 236, 246, 110))
        )
        self._birds = [self._bird(round(height * 0.06), up) for up in (-0.3, 0.05, 0.35)]
        self._titles = Titles(self.stage, f"{title} \u00b7 {CITY}")
        bar = round(height * 0.1)
        self._bar = strip(round(width * 0.62), bar, (24, 52, 36), 215, (170, 214, 120))
        self._captions = [text_sprite(words, round(bar * 0.46), WHITE) for words in captions]

    def _hill(self, width: int, height: int, colour: Colour, seed: int) -> Sprite:
        """A range twice as wide as the picture whose ends meet, so that it can pass for ever."""
        at = np.linspace(0, 2 * np.pi, width * 2, endpoint=False)
        rng = np.random.default_rng(seed + 4)
        line = sum(np.sin(at * k * 2 + rng.uniform(0, 6)) / k for k in (1, 2, 3, 5))
        top = (0.42 - 0.2 * np.asarray(line)) * height
        cover = np.clip(np.arange(height)[:, None] - top[None, :], 0, 1) * 255
        image = gradient(width * 2, height, colour, darker(colour, 0.66)).convert("RGBA")
        image.putalpha(Image.fromarray(cover.astype(np.uint8)))
        return sprite(image)

    def _bird(self, size: int, up: float) -> Sprite:
        side = size * OVERSAMPLING
        image = Image.new("RGBA", (side, side), (40, 46, 56, 0))
        middle, lift = side / 2, side * up
        wings = [(0, middle + lift), (middle * 0.6, middle - lift * 0.4), (middle, middle)]
        wings += [(middle * 1.4, middle - lift * 0.4), (side, middle + lift)]
        ImageDraw.Draw(image).line(wings, fill=(40, 46, 56, 255), width=side // 12, joint="curve")
        return sprite(image.resize((size, size), Image.Resampling.BOX))

    def draw(self, at: float) -> None:
        """See Scene."""
        stage, width, height = self.stage, self.stage.width, self.stage.height
        stage.clear()
        share = at / self._length
        arc = 0.42 - 0.22 * math.sin(math.pi * (0.15 + 0.7 * share))
        stage.lay(self._sun, width * (0.1 + 0.75 * share), height * arc)
        for number, hill in enumerate(self._hills):
            passed = at * width * (0.004, 0.01, 0.022)[number] % width
            stage.lay(hill, -passed, height * 0.84 - hill.height)
        stage.lay(self._river, 0, height * 0.84)
        for number in range(9):
            x = (number * 0.137 * width + at * width * (0.02 + 0.006 * (number % 3))) % (
                width * 1.1
            )
            stage.lay(self._glint, x - width * 0.1, height * (0.86 + 0.014 * number))
        for number in range(5):
            bird = self._birds[int(at * 5 + number) % 3]
            x = (at * width * 0.045 + number * width * 0.06) % (width * 1.3) - width * 0.15
            stage.lay(
                bird, x, height * (0.24 + 0.035 * abs(number - 2)) + 4 * math.sin(at + number)
            )
        number, into = int(at / 8) % len(self._captions), at % 8
        if 0.6 < into < 7.4:
            stage.lay(self._bar, width * 0.05, height * 0.8)
            stage.lay(self._captions[number], width * 0.05 + self._bar.height * 0.4, height * 0.815)
        self._titles.lay(at)


class NoticeScene:
    """A public notice: a heading, lines that come one by one, and soft discs adrift behind."""

    def __init__(
        self,
        width: int,
        height: int,
        words: Sequence[str],
        colours: tuple[Colour, Colour, Colour],
        length: float,
    ) -> None:
        top, bottom, accent = colours
        self.stage = DemoStage(gradient(width, height, top, bottom))
        self._length, self._count = length, len(words)
        self._lines = [self._line(text, n, width, height, accent) for n, text in enumerate(words)]
        self._discs = [
            disc(height * (0.05 + 0.035 * (n % 4)), accent, 40 + 12 * (n % 3)) for n in range(9)
        ]
        self._rule = sprite(
            Image.new("RGBA", (round(width * 0.16), max(2, height // 90)), (*accent, 255))
        )
        self._titles = Titles(self.stage, CITY)

    def _line(self, text: str, number: int, width: int, height: int, accent: Colour) -> Sprite:
        size, bold = round(height * (0.105 if number == 0 else 0.068)), number == 0
        sizes = range(size, size // 2, -1)
        block = fit_text(text, round(width * 0.86), round(height * 0.2), sizes, bold=bold)
        image = Image.new("RGBA", (block.width + 2, block.height + 2), (255, 255, 255, 0))
        block.draw(image, 0, 0, WHITE if number == 0 else (232, 238, 244))
        del accent
        return sprite(image)

    def draw(self, at: float) -> None:
        """See Scene."""
        stage, width, height = self.stage, self.stage.width, self.stage.height
        stage.clear()
        for number, one in enumerate(self._discs):
            x = (number * 0.23 + 0.02 * at * (1 + number % 3)) % 1.3 - 0.15
            y = 0.5 + 0.42 * math.sin(at * 0.25 + number * 1.7)
            stage.lay(one, width * x, height * y - one.height / 2)
        y = height * 0.22
        for number, line in enumerate(self._lines):
            begin = number * min(2.5, self._length / (self._count + 2))
            arrived = 1 - max(0.0, min(1.0, (at - begin) * 1.8))
            if arrived < 1:
                stage.lay(line, width * (0.07 + 0.9 * arrived**3), y)
            y += line.height + height * 0.03
            if number == 0:
                stage.lay(self._rule, width * 0.07, y)
                y += height * 0.06
        self._titles.lay(at)


class IdentScene:
    """The channel's ident: three rivers meeting under the city's name."""

    def __init__(self, width: int, height: int, channel: str, length: float) -> None:
        back = gradient(width, height, (22, 44, 78), (10, 20, 40))
        back = back.resize((width * 2, height * 2))
        seal(ImageDraw.Draw(back), width, height * 0.56, height * 0.26, (214, 190, 128))
        back = back.resize((width, height), Image.Resampling.BOX)
        self.stage, self._length = DemoStage(back), length
        self._name = text_sprite(CITY, round(height * 0.105), WHITE, bold=True)
        self._channel = text_sprite(channel, round(height * 0.062), (170, 206, 226))
        colours: Sequence[Colour] = ((62, 126, 178), (72, 160, 176), (112, 188, 170))
        self._waves = [
            self._wave(width, round(height * 0.34), colour, n) for n, colour in enumerate(colours)
        ]
        self._titles = Titles(self.stage, "Channel ident")

    def _wave(self, width: int, height: int, colour: Colour, number: int) -> Sprite:
        at = np.linspace(0, 2 * np.pi, width * 2, endpoint=False)
        top = height * (0.2 + 0.1 * np.sin(at * (4 + 2 * number)) + 0.04 * np.sin(at * 10))
        cover = np.clip(np.arange(height)[:, None] - top[None, :], 0, 1) * 170
        image = Image.new("RGBA", (width * 2, height), (*colour, 255))
        image.putalpha(Image.fromarray(cover.astype(np.uint8)))
        return sprite(image)

    def draw(self, at: float) -> None:
        """See Scene."""
        stage, width, height = self.stage, self.stage.width, self.stage.height
        stage.clear()
        for number, wave in enumerate(self._waves):
            way = at * width * (0.05 + 0.03 * number) % width
            stage.lay(wave, -way if number % 2 else way - width, height * (0.74 + 0.07 * number))
        come = 1 - min(1.0, at * 0.9)
        stage.lay(self._name, (width - self._name.width) / 2, height * (0.45 + 0.1 * come**2))
        if at > 1.2:
            stage.lay(self._channel, (width - self._channel.width) / 2, height * 0.6)
        self._titles.lay(at)
