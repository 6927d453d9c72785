"""As-run rows for the page and the CSV: each stretch seen, and who pressed what."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.model.plan import Outcome
from playout.model.wire import AsRun
from scheduler.domain.reported.air_share import kind_of
from scheduler.domain.reported.aired import Account, AiredPiece, is_by_hand, pressed_for
from scheduler.domain.reported.states import NOT_RECORDED, ON_AIR, state_word
from scheduler.queries.reports import AsRunDay
from web.kit import words
from web.kit.loudness_words import airing_words, verdict
from web.kit.press_words import press_words
from web.kit.spreadsheet import plain

COLUMNS = (
    "channel", "planned start", "start", "end", "seconds", "title", "outcome", "reason",
    "layer", "frames", "held", "dropped", "airing", "file", "pressed by",
    "loudness LKFS", "true peak dBTP", "against -24 LKFS", "machine",
)  # fmt: skip
UNSEEN_STATES = {"slate": "its slate", "board": "bulletins in its place"}


@dataclass(frozen=True)
class ReportRow:
    """One line of the page: a stretch of air, folded filler, a press, or a gap in the record."""

    start: datetime
    end: datetime
    title: str
    planned: datetime | None
    """None for filler and overrides, and where an earlier line of the airing shows it."""
    outcome: str
    state: str
    """CSS class of its light: ready, amber or air; empty for a fold."""
    reason: str
    airing: str
    by: str = ""
    """Who put it on air, or pressed the button."""
    loudness: str = ""
    """How loud the whole airing was, in words; in its first line, once it is over."""
    too: bool = False
    """True where it was too loud or too quiet."""
    machine: str = ""
    """The machine that sent it, where the channel has more than one."""
    kind: str = "aired"
    """One of aired, fold, press, unaired, hole."""


def rows(day: AsRunDay) -> list[ReportRow]:
    """Return all lines in order of time; what never aired is listed at its planned start."""
    account = day.account
    lines = [*_aired(day), *_pressed(account), *(_unaired(run) for run in account.unaired)]
    lines += [ReportRow(a, b, _hole(), None, NOT_RECORDED, "amber", "", "", kind="hole")
              for a, b in account.holes]  # fmt: skip
    return sorted(lines, key=lambda row: (row.start, row.kind != "press"))


def _hole() -> str:
    return "Nothing was recorded: the broadcast machine was off"


def _aired(day: AsRunDay) -> Iterator[ReportRow]:
    """Yield one line for each stretch of items and overrides; filler between them is folded."""
    account = day.account
    already: set[str] = set()
    fold: list[AiredPiece] = []
    edges = {press.at for press in account.presses}
    for piece in account.pieces:
        if _is_filling(piece):
            parted = fold and any(fold[-1].end <= at <= piece.start for at in edges)
            if fold and (fold[-1].end != piece.start or parted):
                yield _fold(fold)
                fold = []
            fold.append(piece)
            continue
        if fold:
            yield _fold(fold)
            fold = []
        yield _row(piece, day, again=piece.run.cue in already)
        already.add(piece.run.cue)
    if fold:
        yield _fold(fold)


def _is_filling(piece: AiredPiece) -> bool:
    return piece.run.item is None and not is_by_hand(piece.run)


def _row(piece: AiredPiece, day: AsRunDay, *, again: bool) -> ReportRow:
    run, account = piece.run, day.account
    press = pressed_for(run, account.presses)
    on_air, over = piece.running and piece.end == account.told, not (piece.running or again)
    own_picture = piece.layer == "deck" or run.layer == piece.layer
    light = "ready" if run.outcome is Outcome.AIRED else "amber"
    heard = day.loudness_of(run)
    return ReportRow(
        start=piece.start,
        end=piece.end,
        title=run.title
        if own_picture
        else f"{run.title}: {UNSEEN_STATES.get(piece.layer, piece.layer)}",
        planned=None if again or run.item is None else run.planned_start,
        outcome=ON_AIR if on_air else state_word(run.outcome) if over else "",
        state="air" if on_air else light if over else "",
        reason="continued" if again else run.reason if over else "",
        airing=run.airing or "",
        by=press.by if press else "",
        machine=day.machine_of(run),
        loudness=airing_words(heard) if over else "",
        too=over and heard is not None and bool(heard.off_target),
    )


def _unaired(run: AsRun) -> ReportRow:
    word = state_word(run.outcome, seen=False)
    at = run.planned_start
    return ReportRow(
        at, at, run.title, at, word, "amber", run.reason, run.airing or "", kind="unaired"
    )


def _fold(pieces: Sequence[AiredPiece]) -> ReportRow:
    """Return one line for the filler, bulletins and slate between two items."""
    kinds = [kind_of(piece) for piece in pieces]
    clips = len({piece.run.cue for piece, kind in zip(pieces, kinds, strict=True)
                 if kind == "filler"})  # fmt: skip
    parts = [words.a_count(clips, "filler clip")] if clips else []
    parts += [kind for kind in ("bulletins", "slate") if kind in kinds]
    running = pieces[-1].running
    return ReportRow(
        pieces[0].start, pieces[-1].end, ", ".join(parts), None,
        ON_AIR if running else "", "air" if running else "", "", "", kind="fold",
    )  # fmt: skip


def _pressed(account: Account) -> Iterator[ReportRow]:
    """Yield a line for each press that the broadcast machine obeyed."""
    for press in account.presses:
        if (
            account.since <= press.at < account.told
            or press.until
            and press.until > account.since > press.at
        ):
            yield ReportRow(
                press.at, press.until or press.at, press_words(press), None, "", "", "", "",
                by=press.by, kind="press",
            )  # fmt: skip


def as_csv(day: AsRunDay) -> str:
    """Return every stretch, unfolded, with instants in the channel's zone and their offset.

    Frame counts belong to a whole airing, so they stand in its first stretch only.
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    already: set[tuple[str, datetime]] = set()
    for piece in day.account.pieces:
        row = (piece.run.cue, piece.run.start)
        table.writerow(_cells(day, piece, again=row in already))
        already.add(row)
    for run in day.account.unaired:
        unseen = AiredPiece(run.planned_start, run.planned_start, "", run)
        table.writerow(_cells(day, unseen, again=False))
    return out.getvalue()


def _cells(day: AsRunDay, piece: AiredPiece, *, again: bool) -> list[str]:
    zone, run = day.channel.tz, piece.run

    def instant(at: datetime) -> str:
        return at.astimezone(zone).isoformat(timespec="milliseconds")

    press = pressed_for(run, day.account.presses)
    word = ON_AIR if piece.running else state_word(run.outcome, seen=bool(run.ticks))
    counts = ("", "", "") if again else (run.ticks, run.held, run.dropped)
    cells = (
        day.channel.id, instant(run.planned_start), instant(piece.start), instant(piece.end),
        f"{(piece.end - piece.start) / timedelta(seconds=1):.3f}", run.title, word,
        run.reason, piece.layer, *counts, run.airing or "", run.asset or "",
        press.by if press else "", *_loudness_cells(day, piece, again=again),
        day.machine_of(run),
    )  # fmt: skip
    return [plain(str(cell)) for cell in cells]


def _loudness_cells(day: AsRunDay, piece: AiredPiece, *, again: bool) -> tuple[object, ...]:
    """Return loudness, true peak and verdict of the whole airing, for its first stretch."""
    if again or piece.running or not piece.run.ticks:
        return "", "", ""
    heard = day.loudness_of(piece.run)
    figures = (heard.lkfs, heard.true_peak) if heard is not None else (None, None)
    return (*("" if figure is None else figure for figure in figures), verdict(heard))
