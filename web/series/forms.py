"""The form of a series: its days, its time, what it does on holidays, and what airs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Optional

from config.names import ChannelId
from config.times import length as length_words
from playout.model.plan import EndRule, MissedStart, StartRule
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.ids import AssetId, ProgramId, SearchId
from scheduler.domain.series.calendar import Policy
from scheduler.domain.series.episodes import Episodes
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.domain.series.wall_time import instant
from web.kit.bounds import DayField, line
from web.kit.day_pattern import PatternFields, observances, pattern_fields
from web.kit.forms import REQUIRED, ClockField, LengthField, offered
from web.kit.graphic_rows import GraphicRow, rows_of, typed_graphics
from web.kit.rule_words import START_WORDS

POLICY_WORDS = (
    (Policy.KEEP.value, "airs anyway"),
    (Policy.SKIP.value, "skips the day"),
    (Policy.BEFORE.value, "airs on the business day before"),
    (Policy.AFTER.value, "airs on the business day after"),
)


class SeriesForm(PatternFields):
    """The fields of a series: a rule, and the airing it makes on each of its days."""

    channel = SelectField("Channel")
    title = line("Name of the series", 200, [InputRequired(REQUIRED)])
    program = SelectField("Program", validators=[Optional()], default="")
    at = ClockField("At", validators=[InputRequired(REQUIRED)])
    length = LengthField("Length", validators=[InputRequired(REQUIRED)])
    asset = SelectField("Plays", validators=[Optional()], default="")
    search = SelectField("Or the first of a saved search", validators=[Optional()], default="")
    first = DayField("From", validators=[InputRequired(REQUIRED)])
    last = DayField("Until", validators=[Optional()])
    replay = BooleanField("Replays")
    start_rule = SelectField("Starts", choices=offered(START_WORDS), default="hard")
    episodes = SelectMultipleField("Episodes, in their order", validators=[Optional()])
    begins_again = BooleanField("After the last episode, start again with the first", default=True)
    split = DayField("Change only from this date on", validators=[Optional()])
    version = HiddenField()
    empty_graphic = GraphicRow()
    graphics: Sequence[GraphicRow] = ()
    """Rows of the names and crawls planned with each of its airings."""

    def draft(
        self, zone_name: str, said: Mapping[str, str], before: SeriesDraft | None = None
    ) -> SeriesDraft:
        """Return the series as typed, in the channel's time.

        Fields that the form does not show keep their value in `before`. `said` holds the whole
        form; its `holiday-<calendar>` fields name what the series does on each calendar's days.
        """
        rule = Rule(
            zone=zone_name,
            at=self.at.data,
            pattern=self.pattern(),
            first=self.first.data,
            last=self.last.data,
            exceptions=before.rule.exceptions if before else (),
            holidays=observances(said),
        )
        title = (self.title.data or "").strip()
        start = instant(datetime.combine(rule.first, rule.at or time()), ZoneInfo(zone_name))
        channel = ChannelId(self.channel.data)
        bare = AiringDraft(channel, title, start, timedelta(0))
        airing = replace(
            before.airing if before else bare,
            channel=channel,
            title=title,
            start=start,
            length=self.length.span or timedelta(0),
            program=ProgramId(self.program.data) if self.program.data else None,
            asset=AssetId(self.asset.data) if self.asset.data else None,
            search=SearchId(self.search.data) if self.search.data else None,
            start_rule=StartRule(self.start_rule.data),
            wait_limit=timedelta(minutes=30 if self.start_rule.data == "wait" else 0),
            replay=self.replay.data,
            graphics=typed_graphics(before.airing.graphics if before else ()),
        )
        files = tuple(AssetId(id) for id in self.episodes.data or ())
        episodes = Episodes(files, bool(self.begins_again.data))
        return SeriesDraft(title, rule, _as_whole(airing, before), episodes)


def _as_whole(airing: AiringDraft, before: SeriesDraft | None) -> AiringDraft:
    """Return the airing with the rules by which what a saved search takes is shown from its top to
    its end.

    A series that no longer draws from one goes back to its slot.
    """
    if airing.search:
        return replace(airing, end_rule=EndRule.FINISH, missed=MissedStart.TOP)
    if before is not None and before.airing.search:
        return replace(airing, end_rule=EndRule.CUT, missed=MissedStart.JOIN)
    return airing


def filled_form(draft: SeriesDraft, version: int) -> SeriesForm:
    """Return the form filled from a series."""
    rule, airing = draft.rule, draft.airing
    kind, told = pattern_fields(rule.pattern)
    form = SeriesForm(
        formdata=None,
        channel=airing.channel,
        title=draft.title,
        program=airing.program or "",
        kind=kind,
        at=rule.at,
        length=length_words(airing.length),
        asset=airing.asset or "",
        search=airing.search or "",
        first=rule.first,
        last=rule.last,
        replay=airing.replay,
        start_rule=airing.start_rule.value,
        episodes=list(draft.episodes.files),
        begins_again=draft.episodes.begins_again,
        version=str(version),
        **told,
    )
    form.graphics = rows_of(airing.graphics)
    return form
