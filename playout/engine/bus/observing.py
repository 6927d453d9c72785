"""The bus's report of its decks, as the agent reads it."""

from collections.abc import Sequence
from dataclasses import replace

from config.names import CueId
from playout.engine.bus.deck import BusDeck
from playout.engine.bus.shot_parts import whole_cue
from playout.model.engine import DeckReport, DeckState


def deck_reports(decks: Sequence[BusDeck], on_air: CueId | None) -> tuple[DeckReport, ...]:
    """Return the report of every deck whose process has ever sent something; `on_air` is the name
    by which decks know what is on air.
    """
    return tuple(_deck_report(deck, on_air) for deck in decks if deck.up)


def _deck_report(deck: BusDeck, on_air: CueId | None) -> DeckReport:
    state = deck.report.state
    lead = deck.ring.head - deck.ring.tail
    cue = whole_cue(deck.cue) if deck.cue is not None else None
    is_ahead = on_air is not None and cue == whole_cue(on_air) and deck.cue != on_air
    if state is DeckState.READY and deck.cue is not None and deck.cue == on_air:
        state = DeckState.ON_AIR
    if state is DeckState.FAILED and is_ahead:
        # What is on air has not come to that stretch of its file yet, and may still be cued.
        state = DeckState.CUEING
    return replace(deck.report, state=state, cue=cue, lead=lead)


def problems_of(decks: Sequence[BusDeck], log_problem: str) -> tuple[str, ...]:
    """Return what is wrong, in words: why no file can be opened, and the air log's problem."""
    waits = {deck.report.reason for deck in decks if deck.waits}
    lacking = [f"No file can be opened for air: {reason}." for reason in sorted(waits)]
    return (*lacking, log_problem) if log_problem else tuple(lacking)
