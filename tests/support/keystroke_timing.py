"""The keystroke-level model of Card, Moran and Newell (1980): how long a person needs at a page.

It makes "planned in under five minutes" a figure instead of a feeling.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page
from support.chromium import KEY_DELAY_MS

KEY, POINT, THINK, HOME = "key", "point", "think", "home"
ACTION_SECONDS = {KEY: 0.28, POINT: 1.1, THINK: 1.35, HOME: 0.4}
"""Seconds for a key or a button of the mouse (an average typist), for pointing, for making up
one's mind, and for a hand that goes from mouse to keyboard or back."""


def seconds(actions: Iterable[str]) -> float:
    """Return how long a person takes for these actions, without the machine's own time."""
    return sum(ACTION_SECONDS[one] for one in actions)


def count_keys(text: str) -> int:
    """Return how many keys a text takes; a capital also needs Shift."""
    return len(text) + sum(one.isupper() for one in text)


@dataclass
class TimedUser:
    """A user who drives a page by mouse and keyboard and records each action."""

    page: Page
    actions: list[str] = field(default_factory=list)
    waited: float = 0.0
    """Seconds spent waiting for the page."""
    _mouse: bool = False

    def point(self, at: Locator, *, left: bool = False) -> None:
        """Decide, point and click; with `left`, at the left edge: a date field's month."""
        self._to(mouse=True)
        self.actions += [THINK, POINT, KEY]
        at.click(position={"x": 14, "y": 14} if left else None)

    def choose(self, box: Locator, word: str) -> None:
        """Choose a word from a list. The browser draws the open list itself, so set the value
        directly.
        """
        self._to(mouse=True)
        self.actions += [THINK, POINT, KEY, POINT, KEY]
        box.select_option(label=word)

    def type(self, text: str) -> None:
        """Type into the focused element."""
        self._to(mouse=False)
        self.actions += [THINK] + [KEY] * count_keys(text)
        self.page.keyboard.type(text, delay=KEY_DELAY_MS)

    def press(self, key: str) -> None:
        """Press one key."""
        self._to(mouse=False)
        self.actions.append(KEY)
        self.page.keyboard.press(key)

    def tab_to(self, name: str, *, empty: bool = False, most: int = 60) -> None:
        """Press Tab until the element of this name, id or text has focus; with `empty`, until it is
        blank.
        """
        here = "document.activeElement"
        has = f"(n) => [{here}.name, {here}.id, {here}.innerText].includes(n)"
        blank = f"() => !{here}.value"
        self.actions.append(THINK)
        for _ in range(most):
            self.press("Tab")
            if self.page.evaluate(has, name) and (not empty or self.page.evaluate(blank)):
                return
        raise AssertionError(f"Tab never reached {name}")

    @contextmanager
    def waits(self) -> Iterator[None]:
        """Add the time the page takes inside the block."""
        begun = time.monotonic()
        yield
        self.waited += time.monotonic() - begun

    @property
    def seconds(self) -> float:
        """Seconds that all actions take a person, including the page's response times."""
        return seconds(self.actions) + self.waited

    def summary(self, way: str) -> str:
        """Return the figures as one line."""
        counts = ", ".join(f"{self.actions.count(one)} × {one}" for one in ACTION_SECONDS)
        return f"{way}: {counts}, pages {self.waited:.1f} s, in all {self.seconds:.0f} s"

    def _to(self, *, mouse: bool) -> None:
        if mouse != self._mouse:
            self.actions.append(HOME)
        self._mouse = mouse
