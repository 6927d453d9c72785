"""The fold of what operators did to the graphics over the picture."""

from dataclasses import replace

from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.state.air_state import AirState


def of_graphics(state: AirState, event: Keyed | Unkeyed | BugSet) -> AirState:
    """Return the state after an operator showed or took down a graphic."""
    match event:
        case Keyed():
            kind = event.graphic.what
            unkeyed = {one: at for one, at in state.unkeyed.items() if one != kind}
            return replace(state, keyed={**state.keyed, kind: event}, unkeyed=unkeyed)
        case Unkeyed():
            return replace(state, unkeyed={**state.unkeyed, event.kind: event.at})
        case BugSet():
            return replace(state, bug=event)
