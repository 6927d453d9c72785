"""The captions section of a file's page: each caption beside the picture, corrected there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from config.bounded import LARGEST_BIGINT, NO_TEXT
from config.names import AssetKey
from media.caption_files import keep_track
from media.captions.correct import (
    MOST_LETTERS,
    NEAR,
    PLAIN,
    LineChanged,
    LineCorrection,
    corrected,
    recoded,
    rows_of,
    tidy,
)
from media.captions.cue import CaptionCue
from media.captions.track import CaptionError
from scheduler.actions import caption_lines as action
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.captions import CaptionCorrection, CaptionEntry
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.people import Right
from scheduler.queries import captions as corrections_query
from scheduler.queries import changes
from scheduler.queries import library as query
from scheduler.queries.library import LibraryEntry
from scheduler.refusals import Conflict, Forbidden, Refused
from web.kit.bounds import CONTROLS_REFUSED, number
from web.kit.context import actor, database, done, now, services
from web.library import caption_words
from web.library.asset import SOUND_STEPS, SectionData, section
from web.library.captions import cues_of

bp = Blueprint("caption_lines", __name__, url_prefix="/media")
MOST_TYPED = 1000
"""Letters of a typed caption before needless spaces are taken out."""
TRIES = 3
"""How often a correction is made again when another one was stored in the same moment."""
SHOWN_CORRECTIONS = 50
CHANGED = (
    "Someone changed this caption to the words above while you wrote. Yours are kept here: save "
    "again to replace theirs, or cancel."
)
GONE = "Someone deleted or replaced this caption while you wrote. Copy your words and reload."


@dataclass(frozen=True)
class CaptionLine:
    """One caption as the list shows it."""

    at: str
    first: int
    """The first frame on which it shows."""
    begin: int
    """Microseconds from the start of the file."""
    rows: str
    """Its words, a row a line."""
    by: str
    """Who corrected it last; empty for nobody."""

    @property
    def text(self) -> str:
        """Its words in one line."""
        return self.rows.replace("\n", " ")


@section("captions")
def captions_section(entry: LibraryEntry, again: Any) -> SectionData | None:
    """Return what the section shows; None for a still, and for what cannot air."""
    del again
    asset = entry.asset
    if not asset.fit or not asset.length or asset.media is None:
        return None
    shown = asset.caption_draft or asset.caption_entry
    past = corrections_query.corrections(database(), asset.id)
    missing = ""
    lines: tuple[CaptionLine, ...] = ()
    try:
        cues = cues_of(asset, shown.key) if shown else ()
        lines = _lines(cues, past, asset.media.rate or SOUND_STEPS)
    except CaptionError as error:
        missing = str(error)
    return {
        "words": caption_words.in_short(asset),
        "lines": lines,
        "missing": missing,
        "shown": shown,
        "may": actor().may(Right.PREPARE) and asset.cut_of is None,
        "loses": shown is not None and shown.facts.origin not in PLAIN and not shown.corrected,
        "most": MOST_LETTERS,
        "past": past[:SHOWN_CORRECTIONS],
        "at": caption_words.at,
    }


@bp.post("/<asset>/captions/line")
def correct(asset: str) -> tuple[Response, int]:
    """Correct or delete one caption; answer with it as JSON, or with what stands in the way."""
    if not actor().may(Right.PREPARE):
        raise Forbidden(Right.PREPARE.value)
    try:
        line = _typed()
        before, after = _store(AssetId(asset), line)
    except CaptionError as error:
        return jsonify(wrong=str(error)), 422
    except LineChanged as error:
        wrong = CHANGED if error.present else GONE
        return jsonify(wrong=wrong, present=error.present), 422
    except Conflict as error:
        return jsonify(wrong=f"{error.message} Save again."), 422
    except Refused as error:
        return jsonify(wrong=error.message), 422
    change = changes.latest(database(), "asset", AssetId(asset))
    return jsonify(
        text=line.after,
        key=after.key,
        # Whoever has not seen what others changed may not say to have read all of it.
        alone=before.key == request.form.get("seen", ""),
        undo=url_for("undo.undo", change=change.id) if change else "",
        by=actor().name,
    ), 200


@bp.post("/<asset>/captions/check")
def check(asset: str) -> Response:
    """Store that a person has read all captions of the file."""
    seen = AssetKey(request.form.get("seen", "")[:64])
    read = action.check(database(), actor(), now(), AssetId(asset), seen)
    change = changes.latest(database(), "asset", read.id)
    text = f"You have gone through the captions of {read.title}."
    return done(text, url_for("asset.show", asset=asset), change.id if change else None)


def _typed() -> LineCorrection:
    """Read the form of a correction. Raises CaptionError."""
    form = request.form
    before, after = (form.get(name, "").replace("\r\n", "\n") for name in ("before", "text"))
    if max(len(before), len(after)) > MOST_TYPED:
        raise CaptionError(f"A caption has at most {MOST_LETTERS} characters.")
    if NO_TEXT.search(before + after):
        raise CaptionError(CONTROLS_REFUSED)
    after = tidy(after)
    if not after and "delete" not in form:
        raise CaptionError("Write what is said, or press Delete.")
    return LineCorrection(
        number(form, "begin", most=LARGEST_BIGINT), before, "" if "delete" in form else after
    )


def _store(asset: AssetId, line: LineCorrection) -> tuple[CaptionEntry, CaptionEntry]:
    """Correct what stands there now, so that corrections of other captions stay; return the
    captions before and after it. Raises CaptionError, LineChanged, Conflict and Refused.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        stored = query.entry(database(), asset).asset
        entry = _shown(stored)
        cues = corrected(cues_of(stored, entry.key), line)
        assert stored.length is not None
        track, facts = recoded(cues, entry.facts, stored.length)
        captions = keep_track(track, facts, services().store)
        try:
            made = action.correct(database(), actor(), now(), asset, line, entry.key, captions)
        except Conflict:
            if last:
                raise
            continue
        return entry, _shown(made)
    raise AssertionError("the last try returns or raises")


def _shown(asset: Asset) -> CaptionEntry:
    entry = asset.caption_draft or asset.caption_entry
    if entry is None or not asset.length:
        raise CaptionError("This file has no captions any more. Reload the page.")
    return entry


def _lines(
    cues: Iterable[CaptionCue], past: Sequence[CaptionCorrection], rate: Fraction
) -> tuple[CaptionLine, ...]:
    """Return the list; a caption that reads as a correction left it names who made that."""
    made = defaultdict(list)
    for one in past:
        if one.after and not one.undone:
            made[one.after].append(one)
    lines = []
    for cue in cues:
        rows = rows_of(cue)
        near = (one.by for one in made.get(rows, ()) if abs(one.begin - cue.begin) <= NEAR)
        # The first frame that begins no earlier than the caption.
        first = -int(-cue.begin * rate // 1_000_000)
        at = caption_words.at(cue.begin)
        lines.append(CaptionLine(at, first, cue.begin, rows, next(near, "")))
    return tuple(lines)
