"""Forms of the desk: what was typed, turned into what an action takes, with words for mistakes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Optional

from config import bounded, times
from config.names import ChannelId
from config.times import field_time
from config.typed import read_length, read_time
from playout.model.rundown import End, Missed, Start
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, ProgramId
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.model.slide import ALWAYS_UNTIL, STYLES, SlideDraft
from scheduler.domain.series.patterns import joined
from scheduler.domain.series.recurrence import as_it_stood, instant
from scheduler.refusals import Refused
from web.kit.bounds import DayField, NumberField, line, lines

START_WORDS = (
    (Start.HARD.value, "at its time, whatever is on"),
    (Start.WAIT.value, "wait for the program on air to finish"),
    (Start.FOLLOW.value, "when the program before it ends"),
)
END_WORDS = (
    (End.CUT.value, "cut at its length"),
    (End.FINISH.value, "let the file finish"),
    (End.HOLD.value, "hold until adjourned (live)"),
)
MISSED_WORDS = (
    (Missed.JOIN.value, "join it in progress"),
    (Missed.TOP.value, "play it from the beginning"),
    (Missed.SKIP.value, "skip it"),
)
NEEDED = "Please fill this in."


class Offer(NamedTuple):
    """A choice of a select field; that of a file brings its length for the field beside it."""

    value: str
    words: str
    length: timedelta | None = None


def offered(choices: Iterable[tuple[str, str] | Offer]) -> list[SelectChoice]:
    """Value and words of each choice, as WTForms takes them."""
    return [_choice(Offer(*choice)) for choice in choices]


def _choice(offer: Offer) -> SelectChoice:
    told = {"data-length": times.length(offer.length)} if offer.length else {}
    return SelectChoice(offer.value, offer.words, told)


class LengthField(StringField):  # type: ignore[misc]
    """Elapsed time as people write it; `span` is None while the field is empty."""

    span: timedelta | None = None
    errors: Sequence[str]

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Read the text; a mistake stands beside the field."""
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.span = read_length(text)
        except ValueError as error:
            self.errors = [*self.errors, str(error)]


class ClockField(StringField):  # type: ignore[misc]
    """A time of day as people write it, shown as the station writes it; `data` is a wall time.

    No browser's time picker: it writes hours its own way, whatever the station's is.
    """

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return field_time(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text; a mistake stands beside the field."""
        if valuelist:
            self.data = read_time(valuelist[0]) if valuelist[0].strip() else None


@dataclass(frozen=True)
class Difference:
    """One field as two versions have it, in words."""

    label: str
    was: str
    now: str


class DeskForm(FlaskForm):  # type: ignore[misc]
    """A form that keeps what was typed and takes an action's words back to their fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Where the fields come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Take typed fields only. Flask-WTF would also take files and JSON, whose values may be
            of any type and pass no check for control characters; no form of ours has either."""
            del form
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form or None if request.method == "POST" else None

    differing: tuple[Difference, ...] = ()
    """After a lost race: each field in which what stands and what was typed differ."""

    def choose(self, name: str, choices: Iterable[tuple[str, str] | Offer]) -> None:
        """Offer these in the select field `name`."""
        self[name].choices = offered(choices)

    def read(self) -> bool:
        """True when every field says something usable."""
        fine = bool(self.validate())
        return fine and not any(field.errors for field in self)

    def unread(self) -> str:
        """Say of each field that cannot be used what to do, by its label; empty when all can."""
        empty = [field.label.text for field in self if NEEDED in field.errors]
        named = [f"{field.label.text}: {sentence}" for field in self for sentence in field.errors]
        said = [f"Fill in {joined(empty)}."] if empty else []
        return " ".join([*said, *(one for one in named if not one.endswith(NEEDED))])

    def seen(self) -> int:
        """The version the form was filled from; 0 where it names none."""
        return bounded.whole(str(self["version"].data or "")) or 0

    def blame(self, refused: Refused, elsewhere: Mapping[str, str] | None = None) -> str:
        """Put the action's sentences beside their fields; what has no field here is returned."""
        left = [] if refused.field_errors else [refused.message]
        for name, sentence in refused.field_errors.items():
            field: Field | None = self._fields.get((elsewhere or {}).get(name, name))
            if field is None:
                left.append(sentence)
            else:
                field.errors = [*field.errors, sentence]
        return " ".join(left)


def instant_in(field: Field) -> datetime | None:
    """The aware instant that a hidden field was filled with; None where it holds no such thing."""
    try:
        return bounded.instant(datetime.fromisoformat(field.data or ""))
    except ValueError:
        return None


class AiringForm(DeskForm):
    """One placement on a channel."""

    channel = SelectField("Channel")
    program = SelectField("Program", validators=[Optional()], default="")
    title = line("Title", 200)
    day = DayField("Day", validators=[InputRequired(NEEDED)])
    at = ClockField("Starts at", validators=[InputRequired(NEEDED)])
    length = LengthField("Length")
    asset = SelectField("Plays", validators=[Optional()], default="")
    slate_text = line("Text on screen", 200)
    start_rule = SelectField("Starts", choices=offered(START_WORDS), default=Start.HARD.value)
    wait_limit = LengthField("Longest wait")
    end_rule = SelectField("Ends", choices=offered(END_WORDS), default=End.CUT.value)
    missed = SelectField("If its start is missed", choices=offered(MISSED_WORDS))
    locked = BooleanField("Locked: a program that runs over cannot move it")
    replay = BooleanField("A replay")
    public = BooleanField("Shown to viewers in the lineup", default=True)
    public_note = lines("Note for viewers")
    notes = lines("Notes for staff")
    version = HiddenField()
    stood = HiddenField()
    """The start that day and time were filled from, an ISO instant; empty for a new airing."""

    def draft(
        self, zone: ZoneInfo, fallback_title: str = "", fallback_length: timedelta | None = None
    ) -> AiringDraft:
        """What was typed; title and length come from the program or file where left empty."""
        local = datetime.combine(self.day.data, self.at.data)
        return AiringDraft(
            channel=ChannelId(self.channel.data),
            title=(self.title.data or "").strip() or fallback_title,
            start=as_it_stood(local, zone, instant_in(self.stood)),
            length=self.length.span or fallback_length or timedelta(0),
            program=ProgramId(self.program.data) if self.program.data else None,
            start_rule=Start(self.start_rule.data),
            wait_limit=self.wait_limit.span or timedelta(0),
            end_rule=End(self.end_rule.data),
            missed=Missed(self.missed.data),
            locked=self.locked.data,
            asset=AssetId(self.asset.data) if self.asset.data else None,
            slate_text=(self.slate_text.data or "").strip(),
            replay=self.replay.data,
            public=self.public.data,
            public_note=(self.public_note.data or "").strip(),
            notes=(self.notes.data or "").strip(),
        )


class DeclineForm(DeskForm):
    """Why a proposal is declined."""

    reason = lines("Why, if you decline it")
    version = HiddenField()


class ProgramForm(DeskForm):
    """The editorial record."""

    title = line("Title", 200, [InputRequired(NEEDED)])
    summary = lines("Summary for viewers")
    category = line("Category", 80)
    body = line("Public body that meets", 120)
    link = line("Agenda or details on the web", 400)
    asset = SelectField("Plays", validators=[Optional()], default="")
    notes = lines("Notes for staff")
    version = HiddenField()

    def draft(self) -> ProgramDraft:
        """What was typed."""
        text = {
            name: (self[name].data or "").strip()
            for name in ("title", "summary", "category", "body", "link", "notes")
        }
        return ProgramDraft(asset=AssetId(self.asset.data) if self.asset.data else None, **text)


class SlideForm(DeskForm):
    """A slide of the bulletin board."""

    heading = line("Heading", 120, [InputRequired(NEEDED)])
    body = lines("Text")
    channel = SelectField("On", validators=[Optional()], default="")
    shown_from = DayField("From", validators=[InputRequired(NEEDED)])
    shown_until = DayField("Last day (leave empty: until removed)", validators=[Optional()])
    seconds = NumberField("Seconds on screen", default=10.0)
    style = SelectField("Look", choices=offered((style, style) for style in STYLES))
    version = HiddenField()

    def draft(self, zone: ZoneInfo) -> SlideDraft:
        """What was typed; days are whole days of `zone`."""
        last: date | None = self.shown_until.data
        until = ALWAYS_UNTIL
        if last is not None:
            until = instant(datetime.combine(last + timedelta(days=1), time()), zone)
        return SlideDraft(
            heading=self.heading.data.strip(),
            body=(self.body.data or "").strip(),
            channel=ChannelId(self.channel.data) if self.channel.data else None,
            shown_from=instant(datetime.combine(self.shown_from.data, time()), zone),
            shown_until=until,
            seconds=self.seconds.data or 0.0,
            style=self.style.data,
        )
