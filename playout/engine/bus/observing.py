"""The bus's report of its decks, as the agent reads it."""

from collections.abc import Sequence
from dataclasses import replace

from playout.engine.bus.deck import BusDeck
from playout.engine.bus.switch import Take
from playout.model.engine import DeckReport, DeckState


def deck_reports(decks: Sequence[BusDeck], take: Take | None) -> tuple[DeckReport, ...]:
    """Return the report of every deck whose process has ever sent something."""
    return tuple(_deck_report(deck, take) for deck in decks if deck.up)


def _deck_report(deck: BusDeck, take: Take | None) -> DeckReport:
    state = deck.report.state
    if state is DeckState.READY and take is not None and deck.cue == take.shot.cue:
        state = DeckState.ON_AIR
    lead = deck.ring.head - deck.ring.tail
    return replace(deck.report, state=state, cue=deck.cue, lead=lead)


def problems_of(decks: Sequence[BusDeck], log_problem: str) -> tuple[str, ...]:
    """Return what is wrong, in words: why no file can be opened, and the air log's problem."""
    waits = {deck.report.reason for deck in decks if deck.waits}
    lacking = [f"No file can be opened for air: {reason}." for reason in sorted(waits)]
    return (*lacking, log_problem) if log_problem else tuple(lacking)
