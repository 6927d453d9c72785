"""The form of an airing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
)
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from playout.model.plan import EndRule, MissedStart, StartRule
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, ProgramId
from scheduler.domain.series.wall_time import instant_from_form
from web.kit.bounds import DayField, line, lines
from web.kit.dates import parse_instant
from web.kit.forms import REQUIRED, ClockField, DeskForm, LengthField, offered
from web.kit.graphic_rows import GraphicRow
from web.kit.rule_words import END_WORDS, MISSED_WORDS, START_WORDS


class AiringForm(DeskForm):
    """The fields of one airing on a channel."""

    channel = SelectField("Channel")
    program = SelectField("Program", validators=[Optional()], default="")
    title = line("Title", 200)
    day = DayField("Day", validators=[InputRequired(REQUIRED)])
    at = ClockField("Starts at", validators=[InputRequired(REQUIRED)])
    length = LengthField("Length")
    asset = SelectField("Plays", validators=[Optional()], default="")
    substitute = SelectField(
        "Backup program if its file fails", validators=[Optional()], default=""
    )
    slate_text = line("Text on screen", 200)
    start_rule = SelectField("Starts", choices=offered(START_WORDS), default=StartRule.HARD.value)
    wait_limit = LengthField("Longest wait")
    end_rule = SelectField("Ends", choices=offered(END_WORDS), default=EndRule.CUT.value)
    missed = SelectField("If its start is missed", choices=offered(MISSED_WORDS))
    locked = BooleanField("Locked: a program that runs over cannot move it")
    replay = BooleanField("A replay")
    public = BooleanField("Shown to viewers in the lineup", default=True)
    public_note = lines("Note for viewers")
    notes = lines("Notes for staff")
    version = HiddenField()
    stood = HiddenField()
    """The start from which day and time were filled, an ISO instant; empty for a new airing."""
    empty_graphic = GraphicRow()
    graphics: Sequence[GraphicRow] = ()
    """Rows of the names and crawls planned with it."""

    def draft(
        self, zone: ZoneInfo, fallback_title: str = "", fallback_length: timedelta | None = None
    ) -> AiringDraft:
        """Return the airing as typed; the fallbacks fill an empty title or length."""
        local = datetime.combine(self.day.data, self.at.data)
        return AiringDraft(
            channel=ChannelId(self.channel.data),
            title=(self.title.data or "").strip() or fallback_title,
            start=instant_from_form(local, zone, parse_instant(self.stood.data)),
            length=self.length.span or fallback_length or timedelta(0),
            program=ProgramId(self.program.data) if self.program.data else None,
            start_rule=StartRule(self.start_rule.data),
            wait_limit=self.wait_limit.span or timedelta(0),
            end_rule=EndRule(self.end_rule.data),
            missed=MissedStart(self.missed.data),
            locked=self.locked.data,
            asset=AssetId(self.asset.data) if self.asset.data else None,
            substitute=AssetId(self.substitute.data) if self.substitute.data else None,
            slate_text=(self.slate_text.data or "").strip(),
            replay=self.replay.data,
            public=self.public.data,
            public_note=(self.public_note.data or "").strip(),
            notes=(self.notes.data or "").strip(),
        )
