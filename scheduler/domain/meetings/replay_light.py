"""The readiness of a replay: one answer for schedule, meeting page, simulation and warnings."""

from datetime import datetime, timedelta

from config.times import length as length_words
from playout.model.plan import EndRule
from playout.state.fold_lives import RECORDINGS_KEPT_FOR
from scheduler.domain.air.readiness import LENGTH_TOLERANCE, WAITING_FOR_RECORDING, Light
from scheduler.domain.meetings.meeting import Meeting
from scheduler.domain.model.airing import Airing
from scheduler.domain.reported.states import never_aired

RECORDING_CLOSES_WITHIN = timedelta(minutes=30)
"""Time that a recording may take after its meeting to be closed, joined and checked."""
RECORDING_NEEDED_WITHIN = timedelta(minutes=30)
"""A replay this near its start needs a person if its recording is missing."""


def replay_light(
    airing: Airing, of: Airing | None, meeting: Meeting | None, now: datetime
) -> tuple[Light, str]:
    """Return whether a replay without a file of its own can air, and why not.

    `of` is the airing whose recording it shows, `meeting` the meeting that airing belongs to. The
    replay is ready only once the recording is there, and red as soon as it is known not to come.
    """
    if meeting is not None and (far := _out_of_reach(airing, meeting)):
        return Light.RED, far
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
        # Only recordings of meetings are told to the server; of others the machine knows alone.
        return Light.WAITS, "The broadcast machine adds the recording automatically."
    overdue = ended is not None and now - ended > RECORDING_CLOSES_WITHIN
    near = ended is not None and airing.start - now <= RECORDING_NEEDED_WITHIN
    if overdue or near:
        return Light.AMBER, WAITING_FOR_RECORDING
    return (
        Light.WAITS,
        WAITING_FOR_RECORDING if of.start <= now else f"It shows {of.title}, still to come.",
    )


def _out_of_reach(airing: Airing, meeting: Meeting) -> str:
    """Return why no recording of the meeting can be found for the replay; empty where one can."""
    if airing.channel != meeting.draft.channel:
        home = meeting.draft.channel
        return f"Only {home} has the recording. Air it there, or choose a file."
    if airing.start - meeting.start > RECORDINGS_KEPT_FOR:
        return f"Recordings are kept for {RECORDINGS_KEPT_FOR.days} days. Choose a file."
    return ""


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
