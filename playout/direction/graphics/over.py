"""All graphics over the picture: one list from all rules, ahead of time."""

from datetime import timedelta

from playout.direction.graphics.announced import announcements
from playout.direction.graphics.bug import bugs
from playout.direction.graphics.by_the_clock import Lasts
from playout.direction.graphics.coming import coming_next, countdowns
from playout.direction.graphics.ordered import crawls, lower_thirds
from playout.direction.graphics.shown import GraphicsScene, Shown, one_in_each_zone
from playout.direction.graphics.time_of_day import clocks
from playout.model.graphics import GraphicsRules
from playout.model.rundown import Cue
from playout.state.air_state import Situation

AHEAD = timedelta(minutes=1)
"""How long before its beginning a graphic is handed to the engine, which begins it on its tick."""
MOST_AT_ONCE = 12


def graphics_over(air: Situation, lasts: Lasts) -> tuple[Shown, ...]:
    """Return the graphics that are shown now or soon, from the lowest to the topmost.

    The emergency message is none of them. The engine lays it over all and leaves out on each tick
    what would touch it, so that nothing waits for this decision.
    """
    scene = GraphicsScene(
        air.plan.graphics or GraphicsRules(), air.plan, air.rundown, air.happened, air.now,
        _cues(air),
    )  # fmt: skip
    ranked = (
        *lower_thirds(scene), *announcements(scene), *crawls(scene, lasts), *coming_next(scene),
        *countdowns(scene), *bugs(scene), *clocks(scene),
    )  # fmt: skip
    near = [one for one in ranked if one.at < air.now + AHEAD]
    return tuple(one_in_each_zone(near, air.now))[:MOST_AT_ONCE][::-1]


def _cues(air: Situation) -> tuple[Cue, ...]:
    """Return the cue on air, the next one, and more that begin within AHEAD."""
    later = [cue for cue in air.rundown.cues if cue.start > air.current.start]
    soon = [cue for cue in later[1:] if cue.start < air.now + AHEAD]
    return (air.current, *later[:1], *soon)
