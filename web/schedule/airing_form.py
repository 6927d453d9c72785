"""The airing form filled from an airing, and read back into one; choices that it offers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from config.names import ChannelId
from config.times import length as length_words
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.audit import AuditEntry
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.proposal import AiringProposal
from scheduler.queries import changes, grid, library, programs, sources
from scheduler.refusals import Refused
from web.kit.bounds import MOST_MINUTES, number
from web.kit.dates import parse_day, parse_time
from web.kit.field_words import FieldWording
from web.kit.file_offers import offer_files
from web.kit.forms import Difference
from web.kit.graphic_rows import rows_of, typed_graphics, typed_rows
from web.kit.offers import program_choices
from web.schedule.forms import AiringForm

FIELDS_NOT_SHOWN = (
    *("hard_limit", "in_point", "source"),
    *("record", "replay_of", "meeting", "slot"),
)
"""Fields of an airing that its form does not show."""
LONGEST_ID = 80


def fill_choices(db: Database, now: datetime, form: AiringForm) -> AiringForm:
    """Offer the channels, programs and files that exist; return the form."""
    form.choose("channel", [(c.id, c.name) for c in grid.channels(db)])
    form.choose("program", program_choices(db))
    offer_files(db, form, "asset", "the program's own file")
    offer_files(db, form, "substitute", "filler and bulletins")
    form.graphics = typed_rows() or form.graphics
    return form


def empty_form(db: Database, now: datetime, query: Mapping[str, str]) -> AiringForm:
    """Return a form for a new airing, prefilled with what the click named.

    Without a time it starts at a full five minutes, a few minutes from now; at noon on another day.
    Raises Refused where there is no channel yet.
    """
    known = grid.channels(db)
    if not known:
        raise Refused(message="Add a channel first, under Settings.")
    asked = query.get("channel")
    channel = next((c for c in known if c.id == asked), known[0])
    local = now.astimezone(channel.tz) + timedelta(minutes=10)
    local -= timedelta(minutes=local.minute % 5, seconds=local.second)
    day = parse_day(query.get("day")) or local.date()
    at = parse_time(query.get("at")) or (local.time() if day == local.date() else time(12))
    form = AiringForm(formdata=None, channel=channel.id, day=day, at=at.replace(microsecond=0))
    if minutes := number(query, "minutes", most=MOST_MINUTES):
        form.length.data = length_words(timedelta(minutes=abs(minutes)))
    if query.get("program"):
        form.program.data = query["program"]
    if query.get("asset"):
        form.asset.data = query["asset"][:LONGEST_ID]
        form.title.data = _title_of(db, form.asset.data)
    return fill_choices(db, now, form)


def _title_of(db: Database, asset: str) -> str:
    return next((one.title for one in library.named(db, [asset]) if one.fit), "")


def filled_form(db: Database, now: datetime, draft: AiringDraft, version: int) -> AiringForm:
    """Return the form filled from an airing or a proposal, in its channel's time."""
    local = draft.start.astimezone(grid.channel(db, draft.channel).tz)
    form = AiringForm(
        formdata=None,
        channel=draft.channel,
        program=draft.program or "",
        title=draft.title,
        day=local.date(),
        at=local.time(),
        length=length_words(draft.length),
        asset=draft.asset or "",
        substitute=draft.substitute or "",
        slate_text=draft.slate_text,
        start_rule=draft.start_rule.value,
        wait_limit=length_words(draft.wait_limit) if draft.wait_limit else "",
        end_rule=draft.end_rule.value,
        missed=draft.missed.value,
        locked=draft.locked,
        replay=draft.replay,
        public=draft.public,
        public_note=draft.public_note,
        notes=draft.notes,
        version=str(version),
        stood=draft.start.isoformat(),
    )
    form.graphics = rows_of(draft.graphics)
    return fill_choices(db, now, form)


def draft(
    db: Database, now: datetime, form: AiringForm, before: Airing | None = None
) -> AiringDraft:
    """Return the airing as typed; an empty title or length comes from its program or file.

    Fields that the form does not show keep their value in `before`.
    """
    channel = grid.channel(db, ChannelId(form.channel.data))
    title, span = _program_defaults(db, now, form)
    typed = form.draft(channel.tz, title, span)
    typed = replace(typed, graphics=typed_graphics(before.draft.graphics if before else ()))
    if before is None:
        return typed
    return replace(typed, **{name: getattr(before.draft, name) for name in FIELDS_NOT_SHOWN})


def history(
    db: Database, now: datetime, form: AiringForm, stands: Airing | AiringProposal
) -> list[tuple[AuditEntry, tuple[Difference, ...]]]:
    """Return the latest changes that touched an airing or proposal, each with the fields it
    changed.
    """
    table = "airing" if isinstance(stands, Airing) else "proposal"
    found = changes.history(db, table, stands.id, limit=8)
    wording = field_wording(db, now, form, stands.channel)
    return [(change, wording.of_change(change, table, stands.id)) for change in found]


def field_wording(
    db: Database, now: datetime, form: AiringForm, channel: ChannelId
) -> FieldWording:
    """Return the writer of field values for `channel`, which names ids as the form's choices do."""
    names = {
        name: {one.value: one.label for one in form[name].choices}
        for name in ("channel", "program", "asset", "substitute")
    }
    names["source"] = sources.names(db)
    tz = grid.channel(db, channel).tz
    return FieldWording(tz, now, names)


def _program_defaults(
    db: Database, now: datetime, form: AiringForm
) -> tuple[str, timedelta | None]:
    program, file = form.program.data, form.asset.data
    cards = programs.program_cards(db, now) if program else ()
    card = next((c for c in cards if c.program.id == program), None)
    asset = library.entry(db, AssetId(file)).asset if file else card.asset if card else None
    return card.program.title if card else "", asset.length if asset else None
