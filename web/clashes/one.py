"""One airing placed on the schedule; where it overlaps others, staff are first asked what to do."""

from collections.abc import Callable

from flask import Response, render_template, request, url_for

from config.names import AiringId
from scheduler.actions import airings
from scheduler.actions.airings import Accepted
from scheduler.domain.clashes.one import WayOut
from scheduler.domain.model.airing import Airing, AiringDraft, problems
from scheduler.queries import bookings, changes, conflicts, grid
from scheduler.queries.conflicts import NEW_ID, WeighedChange
from scheduler.refusals import Conflict
from web.clashes.booked import KEEP_ALL, accepted_doubles, airing_sheet, doubles_to_settle
from web.clashes.words import buttons, chosen_way, overlap_sentence, way_taken
from web.kit import words
from web.kit.context import actor, database, done, now

PLAN_CHANGED = "The schedule has changed since; this is what would happen now."
WEIGHED_AT_MOST = 8
"""Most attempts to weigh a change while others change the plan."""
SHEET_FIELDS = frozenset({"csrf_token", "way", "seen"})
"""Fields of the sheet itself; it sends all others on as they were typed."""


def place(
    wanted: AiringDraft,
    verb: str,
    stored: Airing | None,
    version: int,
    plainly: Callable[[int | None], Airing],
    *,
    again: bool = False,
    accepts: Accepted | None = None,
) -> Response | tuple[str, int]:
    """Call `plainly` where nothing overlaps; otherwise apply the way out that was chosen, or ask.

    The change is weighed against one plan version, which `plainly` receives, and again whenever
    somebody else changed the plan. `stored` is the airing before the change, None for a new one.
    With `again`, an overlap that existed before is asked about too. With `accepts` the new airing
    answers that proposal. Raises what the actions raise.
    """
    db, at = database(), now()
    if problems(wanted, at, is_new=stored is None):
        return answer(verb, plainly(None))
    doubles = bookings.doubles_elsewhere(db, wanted, at, stored.id if stored else None)
    if {one.token for one in doubles} - accepted_doubles():
        return airing_sheet(doubles, wanted), 422
    for _ in range(WEIGHED_AT_MOST):
        weighed = conflicts.weigh(db, wanted, at, stored.id if stored else None, again=again)
        choice = chosen_way(weighed.choices, request.form.get("way"))
        version_now = str(weighed.channel_version)
        is_stale = request.form.get("seen", version_now) != version_now
        if weighed.choices and (choice is None or is_stale):
            wrong = PLAN_CHANGED if request.form.get("way") not in (None, KEEP_ALL) else ""
            return _sheet(wanted, weighed, wrong), 422
        try:
            if choice is None:
                return answer(verb, plainly(weighed.channel_version))
            arranged = _arranged(wanted, verb, stored, version, weighed, choice, accepts)
            return answer(verb, arranged)
        except Conflict as conflict:
            if conflict.current is not None:
                raise
    raise Conflict(None, PLAN_CHANGED)


def ask_again(stored: Airing) -> str:
    """Render the ways out of an overlap that is already on the schedule."""
    weighed = conflicts.weigh(database(), stored.draft, now(), stored.id, again=True)
    return _sheet(stored.draft, weighed, "")


def answer(verb: str, airing: Airing) -> Response:
    """Go to the schedule of the airing's day with a message that says what happened and offers
    Undo.
    """
    channel = grid.channel(database(), airing.channel)
    change = changes.latest(database(), "airing", airing.id)
    day = airing.start.astimezone(channel.tz).date()
    to = url_for("schedule.week", channel=channel.id, week=f"{day:%G-W%V}", day=day)
    at = words.when(airing.start, channel.tz, now())
    text = f"{verb} {airing.title}, {at}."
    if change is not None and change.verb == "arrange":
        text = f"{change.sentence}."
    change_id = change.id if change else None
    return done(text, to, change_id, doubles_to_settle(change_id))


def _arranged(
    wanted: AiringDraft,
    verb: str,
    stored: Airing | None,
    version: int,
    weighed: WeighedChange,
    choice: WayOut,
    accepts: Accepted | None,
) -> Airing:
    versions = {**weighed.versions, **({stored.id: version} if stored else {})}
    new = choice.edits[NEW_ID] if stored is None else None
    edits: dict[AiringId, tuple[AiringDraft | None, int]] = {
        id: (draft, versions[id]) for id, draft in choice.edits.items() if id != NEW_ID
    }
    zone = grid.channel(database(), wanted.channel).tz
    sentence = f"{verb} {way_taken(choice, wanted.title, len(weighed.others), zone)}"
    return airings.arrange(
        database(),
        actor(),
        now(),
        edits,
        new,
        sentence,
        accepts,
        channel=wanted.channel,
        plan=weighed.channel_version,
    )


def _sheet(wanted: AiringDraft, weighed: WeighedChange, wrong: str) -> str:
    zone, at = grid.channel(database(), wanted.channel).tz, now()
    ends = words.clock(wanted.start + wanted.length, zone)
    return render_template(
        "clashes/choices.html",
        title=wanted.title,
        asked=f"{words.when(wanted.start, zone, at)}–{ends}",
        clash=overlap_sentence(weighed, wanted.title, zone, at),
        buttons=buttons(weighed, wanted.title, zone, at),
        action=request.path,
        typed=[pair for pair in request.form.items(multi=True) if pair[0] not in SHEET_FIELDS],
        seen=weighed.channel_version,
        wrong=wrong,
    )
