"""Programming blocks: stretches of the day filled automatically from a list of files."""

from flask import Blueprint, Response, render_template, request, url_for
from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from config.times import length as length_words
from scheduler.actions import blocks as action
from scheduler.domain.model.ids import AssetId, BlockId, SearchId
from scheduler.domain.model.people import Right
from scheduler.domain.series.blocks import Block, BlockDraft, Fill, in_words, problems
from scheduler.domain.series.gap_policies import CHOOSE_FILLER
from scheduler.domain.series.patterns import WEEKDAY_NAMES
from scheduler.queries import blocks, changes, grid
from scheduler.queries.blocks import BlockCard
from scheduler.refusals import Refused
from web.kit.bounds import DayField, line, number
from web.kit.context import actor, database, done, now
from web.kit.file_offers import offer_file_list, offer_files
from web.kit.forms import REQUIRED, ClockField, DeskForm, LengthField, offered, picked
from web.kit.offers import search_choices
from web.kit.saving import save_form

bp = Blueprint("blocks", __name__, url_prefix="/blocks")
FILL_WORDS = (
    (Fill.ROTATION.value, "in turn, least recently aired first"),
    (Fill.ORDERED.value, "in the order of the list, continuing where it left off"),
    (Fill.BULLETINS.value, "with bulletins only"),
    (Fill.GAPS.value, "in its gaps only, from these files"),
)


class BlockForm(DeskForm):
    """The fields of a block; its files air in the order in which the form sends them."""

    channel = SelectField("Channel")
    name = line("Name", 120, [InputRequired(REQUIRED)])
    weekdays = SelectMultipleField(
        "Days", choices=offered((str(number), name) for number, name in enumerate(WEEKDAY_NAMES))
    )
    at = ClockField("From", validators=[InputRequired(REQUIRED)])
    until = ClockField("until", validators=[InputRequired(REQUIRED)])
    first = DayField("First day", validators=[InputRequired(REQUIRED)])
    last = DayField("Last day", validators=[Optional()])
    fill = SelectField("Filled", choices=offered(FILL_WORDS), default=Fill.ROTATION.value)
    assets = SelectMultipleField("Files", validators=[Optional()])
    searches = SelectMultipleField("Saved searches", validators=[Optional()])
    no_repeat = LengthField("Do not repeat a file within")
    opener = SelectField("Opens with", validators=[Optional()], default="")
    closer = SelectField("Closes with", validators=[Optional()], default="")
    version = HiddenField()

    def draft(self) -> BlockDraft:
        """Return the block as typed."""
        return BlockDraft(
            channel=ChannelId(self.channel.data),
            name=self.name.data or "",
            weekdays=frozenset(map(int, picked(self.weekdays))),
            at=self.at.data,
            until=self.until.data,
            first=self.first.data,
            last=self.last.data,
            fill=Fill(self.fill.data),
            assets=tuple(AssetId(id) for id in self.assets.data or ()),
            no_repeat=self.no_repeat.span or BlockDraft.no_repeat,
            opener=AssetId(self.opener.data) if self.opener.data else None,
            closer=AssetId(self.closer.data) if self.closer.data else None,
            searches=tuple(SearchId(id) for id in self.searches.data or ()),
        )


@bp.get("")
def home() -> str:
    """List every block."""
    return render_template(
        "series/blocks.html",
        cards=blocks.cards(database()),
        names={channel.id: channel.name for channel in grid.channels(database())},
        channel=request.args.get("channel", ""),
        may_plan=actor().may(Right.PLAN),
    )


@bp.get("/new")
def new() -> str:
    """Show an empty form."""
    known = grid.channels(database())
    if not known:
        raise Refused(message="Add a channel first, under Settings.")
    channel = next((c for c in known if c.id == request.args.get("channel")), known[0])
    form = BlockForm(
        formdata=None,
        channel=channel.id,
        first=now().astimezone(channel.tz).date(),
        weekdays=[str(day) for day in range(7)],
        no_repeat=length_words(BlockDraft.no_repeat),
    )
    return _drawer(_offer_choices(form), None)


@bp.post("")
def add() -> Response | tuple[str, int]:
    """Add a block; it fills its hours from now on."""
    form, wrong = _offer_choices(BlockForm()), ""
    if form.read():
        try:
            return _done("Added", action.add(database(), actor(), now(), form.draft()))
        except Refused as refused:
            wrong = form.blame(refused)
    return _drawer(form, None, wrong), 422


@bp.post("/preview")
def preview() -> str:
    """Show the coming days of the block as typed, and those it would lose; save nothing."""
    form = _offer_choices(BlockForm())
    if not form.read():
        return render_template("series/block_days.html", wrong=form.unread())
    wrong = problems(form.draft())
    if wrong:
        return render_template("series/block_days.html", wrong=" ".join(wrong.values()))
    draft, block = form.draft(), BlockId(request.args.get("block", "")) or None
    days = blocks.would_air(database(), draft, now(), block)
    return render_template(
        "series/block_days.html",
        days=days,
        words=in_words(draft),
        files=draft.fill not in CHOOSE_FILLER,
    )


@bp.get("/<block>")
def show(block: str) -> str:
    """Show one block, with what it plays next."""
    card = blocks.card(database(), BlockId(block), now())
    return _drawer(_filled(card.block), card)


def _filled(block: Block) -> BlockForm:
    draft = block.draft
    form = BlockForm(
        formdata=None,
        channel=draft.channel,
        name=draft.name,
        weekdays=[str(day) for day in sorted(draft.weekdays)],
        at=draft.at,
        until=draft.until,
        first=draft.first,
        last=draft.last,
        fill=draft.fill.value,
        assets=list(draft.assets),
        no_repeat=length_words(draft.no_repeat),
        opener=draft.opener or "",
        closer=draft.closer or "",
        searches=list(draft.searches),
        version=str(block.version),
    )
    return _offer_choices(form)


@bp.post("/<block>")
def save(block: str) -> Response | tuple[str, int]:
    """Save the block as typed."""
    card = blocks.card(database(), BlockId(block), now())
    form = _offer_choices(BlockForm())

    def act() -> Response:
        typed, seen = form.draft(), form.seen()
        saved = action.edit(database(), actor(), now(), card.block.id, typed, seen)
        return _done("Changed", saved)

    return save_form(form, act, lambda wrong: _drawer(form, card, wrong), _filled(card.block))


@bp.post("/<block>/retire")
def retire(block: str) -> Response:
    """Retire the block."""
    version = number(request.form, "version")
    retired = action.retire(database(), actor(), now(), BlockId(block), version)
    return _done("Retired", retired)


def _offer_choices(form: BlockForm) -> BlockForm:
    db = database()
    form.choose("channel", [(c.id, c.name) for c in grid.channels(db)])
    offer_files(db, form, "opener", "nothing")
    offer_files(db, form, "closer", "nothing")
    offer_file_list(db, form, "assets")
    form.choose("searches", search_choices(db, form.channel.data, "none")[1:])
    return form


def _done(verb: str, block: Block) -> Response:
    change = changes.latest(database(), "block", block.id)
    to = url_for("schedule.today", channel=block.draft.channel)
    return done(f"{verb} the block {block.draft.name}.", to, change.id if change else None)


def _drawer(form: BlockForm, card: BlockCard | None, wrong: str = "") -> str:
    channel = grid.channel(database(), ChannelId(form.channel.data)) if form.channel.data else None
    return render_template(
        "series/block.html",
        form=form,
        card=card,
        wrong=wrong,
        tz=channel.tz if channel else None,
        action=url_for("blocks.save", block=card.block.id) if card else url_for("blocks.add"),
        may_plan=actor().may(Right.PLAN, card.block.draft.channel if card else None),
    )
