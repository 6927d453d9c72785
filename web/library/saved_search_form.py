"""The form of a saved search, between what was typed and a search."""

from datetime import timedelta

from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from config.names import ChannelId
from config.times import length as length_words
from playout.model.search import AssetFilter, AssetKind, AssetOrder
from scheduler.domain.library.details import split_tags
from scheduler.domain.library.saved_search import KIND_WORDS, ORDER_WORDS, SavedSearchDraft
from scheduler.domain.library.search import Search
from web.kit.bounds import DayField, WholeField, line
from web.kit.forms import REQUIRED, DeskForm, LengthField, offered

KIND_CHOICES = (("", "everything"), *((kind.value, word) for kind, word in KIND_WORDS.items()))
CAPTION_CHOICES = (("", "with or without captions"), ("yes", "captioned"), ("no", "not captioned"))


class SearchForm(DeskForm):
    """The fields of a saved search."""

    name = line("Name", 120, [InputRequired(REQUIRED)])
    channel = SelectField("For", validators=[Optional()], default="")
    words = line("Words", 200)
    body = line("Public body", 120)
    program = SelectField("Program", validators=[Optional()], default="")
    kind = SelectField("Kind", choices=offered(KIND_CHOICES), validators=[Optional()], default="")
    tags = line("Tags", 400)
    within_days = WholeField(
        "Not older than, in days",
        validators=[Optional(), NumberRange(0, 40_000, "Enter a number of days, such as 30.")],
    )
    since = DayField("From the day", validators=[Optional()])
    until = DayField("Up to the day", validators=[Optional()])
    not_aired_for = LengthField("Not aired for")
    shortest = LengthField("At least as long as")
    longest = LengthField("At most as long as")
    captioned = SelectField(
        "Captions", choices=offered(CAPTION_CHOICES), validators=[Optional()], default=""
    )
    order = SelectField(
        "Takes first",
        choices=offered((order.value, words) for order, words in ORDER_WORDS.items()),
        default=AssetOrder.NEWEST.value,
    )
    version = HiddenField()

    def draft(self) -> SavedSearchDraft:
        """Return the saved search as typed."""
        asked = AssetFilter(
            body=(self.body.data or "").strip(),
            program=self.program.data or "",
            tags=split_tags(self.tags.data or ""),
            kind=AssetKind(self.kind.data) if self.kind.data else None,
            within_days=self.within_days.data,
            since=self.since.data,
            until=self.until.data,
            shortest=self.shortest.span,
            longest=self.longest.span,
            not_aired_for=self.not_aired_for.span,
            captioned={"yes": True, "no": False}.get(self.captioned.data or ""),
        )
        search = Search((self.words.data or "").strip(), asked, AssetOrder(self.order.data))
        channel = ChannelId(self.channel.data) if self.channel.data else None
        return SavedSearchDraft((self.name.data or "").strip(), search, channel)


def filled_form(draft: SavedSearchDraft, version: int | None = None) -> SearchForm:
    """Return the form filled from a saved search; one that is not saved yet has no version."""
    asked = draft.search.filter
    captioned = {True: "yes", False: "no", None: ""}[asked.captioned]
    return SearchForm(
        formdata=None,
        name=draft.name,
        channel=draft.channel or "",
        words=draft.search.words,
        body=asked.body,
        program=asked.program,
        kind=asked.kind.value if asked.kind else "",
        tags=", ".join(asked.tags),
        within_days=asked.within_days,
        since=asked.since,
        until=asked.until,
        not_aired_for=_written(asked.not_aired_for),
        shortest=_written(asked.shortest),
        longest=_written(asked.longest),
        captioned=captioned,
        order=draft.search.order.value,
        version="" if version is None else str(version),
    )


def _written(span: timedelta | None) -> str:
    return length_words(span) if span is not None else ""
