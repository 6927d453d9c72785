"""The commands that show a graphic over the picture, for someone at the broadcast machine."""

from collections.abc import Callable
from typing import Any

import click

GIVEN = "given at the machine"
"""The id under which a graphic is sent; obeying it gives it the command's."""


def commands(give: Callable[..., None]) -> tuple[click.Command, ...]:
    """Return the commands; each calls `give` with a channel and what is asked of its agent."""
    return _lower_third(give), _crawl(give)


def _lower_third(give: Callable[..., None]) -> click.Command:
    @click.command(name="lower-third", help="Show FIRST, and SECOND beneath it, over CHANNEL.")
    @click.argument("channel")
    @click.argument("first")
    @click.argument("second", default="")
    @click.option("--seconds", type=click.IntRange(2, 300), default=8, show_default=True)
    def command(channel: str, first: str, second: str, seconds: int) -> None:
        _show(give, channel, what="lower third", first=first, second=second, shown_for=seconds)

    return command


def _crawl(give: Callable[..., None]) -> click.Command:
    @click.command(name="crawl", help="Let TEXT crawl over CHANNEL.")
    @click.argument("channel")
    @click.argument("text")
    @click.option("--times", type=click.IntRange(1, 1000), default=1, show_default=True)
    @click.option("--words", type=click.IntRange(10, 400), default=150, show_default=True,
                  help="Words a minute.")  # fmt: skip
    def command(channel: str, text: str, times: int, words: int) -> None:
        _show(give, channel, what="crawl", text=text, times=times, speed=words)

    return command


def _show(give: Callable[..., None], channel: str, **graphic: Any) -> None:
    give(channel, verb="graphic", graphic={"id": GIVEN, **graphic})
