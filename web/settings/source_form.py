"""The form of a video source."""

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    SelectField,
)
from wtforms.validators import InputRequired, Optional

from playout.model.source import SoundMap
from scheduler.domain.model.source import SourceDraft
from web.kit.bounds import NumberField, line
from web.kit.forms import REQUIRED, DeskForm, offered

SOUND_WORDS = (
    (SoundMap.STEREO.value, "stereo (unchanged)"),
    (SoundMap.LEFT.value, "left side on both (a chamber wired to one side)"),
    (SoundMap.RIGHT.value, "right side on both"),
    (SoundMap.MONO.value, "both sides mixed"),
)


class SourceForm(DeskForm):
    """A live input. Its address is a secret: the form takes one and never shows it."""

    name = line("Name", 80, [InputRequired(REQUIRED)])
    address = PasswordField("Address")
    sound = SelectField("Sound", choices=offered(SOUND_WORDS), default=SoundMap.STEREO.value)
    gain_db = NumberField("Gain in dB", validators=[Optional()], default=0.0)
    limiter = BooleanField("Limiter: keeps sudden loud sounds from viewers", default=True)
    expects = line("Expected format", 40)
    starts_on_signal = BooleanField("Put a late meeting on air when its signal is good")
    ends_on_silence = BooleanField("Adjourn after ten minutes of silence past the scheduled end")
    version = HiddenField()

    def draft(self) -> SourceDraft:
        """Return what was typed."""
        return SourceDraft(
            name=(self.name.data or "").strip(),
            address=(self.address.data or "").strip(),
            gain_db=self.gain_db.data or 0.0,
            sound=SoundMap(self.sound.data),
            limiter=bool(self.limiter.data),
            expects=(self.expects.data or "").strip(),
            starts_on_signal=bool(self.starts_on_signal.data),
            ends_on_silence=bool(self.ends_on_silence.data),
        )
