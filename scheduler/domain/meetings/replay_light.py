"""The readiness of a replay: one answer for schedule, meeting page, simulation and warnings."""

from datetime import datetime, timedelta

from config.times import length as length_words
from playout.model.plan import EndRule
from scheduler.domain.air.readiness import (
    LENGTH_TOLERANCE,
    MEDIA_NEEDED_WITHIN,
    WAITING_FOR_RECORDING,
    Light,
)
from scheduler.domain.library.recorded import RecordedAsset
from scheduler.domain.meetings.meeting import Meeting
from scheduler.domain.model.airing import Airing
from scheduler.domain.reported.states import never_aired

RECORDING_CLOSES_WITHIN = timedelta(minutes=30)
"""Time that a recording may take after its meeting to be closed, joined and checked."""
RECORDING_NEEDED_WITHIN = timedelta(minutes=30)
"""A replay this near its start needs a person if its recording is missing."""


def replay_light(
    airing: Airing,
    of: Airing | None,
    meeting: Meeting | None,
    now: datetime,
    recorded: RecordedAsset | None = None,
    *,
    is_missing: bool = False,
) -> tuple[Light, str]:
    """Return whether a replay without a file of its own can air, and why not.

    `of` is the airing whose recording it shows, `meeting` the meeting that airing belongs to. The
    replay is ready only once the recording is there, and red as soon as it is known not to come.
    `recorded` is that recording in the library; `is_missing` says that the broadcast machine of the
    replay's channel lacks its file.
    """
    if recorded is not None:
        return _on_its_way(airing, now) if is_missing else _recorded(airing, recorded.length)
    kept = meeting.recording if meeting is not None else None
    if kept is not None and not kept.ok:
        return _without(airing, "The recording of the meeting failed")
    if kept is not None:
        return _recorded(airing, kept.length)
    if of is None or of.cancelled:
        return _without(airing, "What it would show was taken off the schedule")
    if never_aired(of):
        return _without(airing, f"{of.title} did not air: there is no recording")
    ended = of.aired_end if of.outcome is not None else None
    if meeting is None and ended is not None:
        # A server of the version before was told of meetings only; of others the machine knows.
        return Light.WAITS, "The broadcast machine adds the recording automatically."
    overdue = ended is not None and now - ended > RECORDING_CLOSES_WITHIN
    near = ended is not None and airing.start - now <= RECORDING_NEEDED_WITHIN
    if overdue or near:
        return Light.AMBER, WAITING_FOR_RECORDING
    return (
        Light.WAITS,
        WAITING_FOR_RECORDING if of.start <= now else f"It shows {of.title}, still to come.",
    )


def _on_its_way(airing: Airing, now: datetime) -> tuple[Light, str]:
    """Return the light of a replay whose recording another machine made, or made long ago."""
    near = airing.start - now <= MEDIA_NEEDED_WITHIN
    return Light.RED if near else Light.WAITS, "The recording is on its way to this channel."


def _without(airing: Airing, why: str) -> tuple[Light, str]:
    if airing.draft.substitute is None:
        return Light.RED, f"{why}, and it has no backup."
    return Light.AMBER, f"{why}; its backup airs."


def _recorded(airing: Airing, length: timedelta) -> tuple[Light, str]:
    """Return the light of a replay whose recording is there; amber where its slot is too short."""
    over = length - airing.draft.length
    if over <= LENGTH_TOLERANCE:
        return Light.READY, "recorded"
    if airing.draft.end_rule is EndRule.CUT or airing.draft.locked:
        return Light.AMBER, f"The last {length_words(over)} of the recording will not be seen."
    longer = f"The recording is {length_words(over)} longer than its slot"
    return Light.AMBER, f"{longer}: a fixed start after it cuts it short."
