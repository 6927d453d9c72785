"""The choice of a file for an airing that takes the first of a saved search.

Server and broadcast machine call the same function, so they choose alike from the same knowledge.
The machine also knows its own recordings, which may be newer than its plan.

One worked example: the newest meeting of the Council, of the last 30 days, on Monday, Wednesday and
Friday at 14:00. The plan was published on Monday at noon; the server is away from then on.

    candidates of the plan     Nov 16 (1:40), Nov 9 (2:05)
    Monday 14:00               Nov 16, the newest of both
    Tuesday 19:00              the machine records a Council meeting until 21:10
    Wednesday 14:00            Nov 24, its own recording, newer than any candidate
    Wednesday 13:59:55         the airing is cued: it shows Nov 24, whatever is found from now on
    Friday 14:00               Nov 24 again; "not aired for 3 days" would make it Nov 16

`test_choosing` runs this example.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from config.names import AiringId, AssetKey
from playout.model.choosing import Candidate, Choice
from playout.model.plan import ContentKind, Item, Plan
from playout.model.recording import Recording, RecordingState
from playout.model.search import AssetFilter, SearchFacts
from playout.state.air_state import AirState
from playout.timing import search

NOTHING_FOUND = "its saved search finds nothing that may air"
LONGEST_TITLE = 200
_NEVER = datetime.min.replace(tzinfo=UTC)

Ends = Mapping[AssetKey, datetime]
"""The end of each file's last time on air."""


@dataclass(frozen=True)
class Unavailable:
    """Files that cannot be taken: none ever, or only not for airings that begin soon.

    A file that is still on its way to the machine may arrive in time for a later airing.
    """

    always: Collection[AssetKey] = ()
    soon: Collection[AssetKey] = ()
    soon_until: datetime = _NEVER

    def bars(self, key: AssetKey, at: datetime) -> bool:
        """Return whether the file cannot be taken for an airing that begins at `at`."""
        return key in self.always or (at < self.soon_until and key in self.soon)


NONE_UNAVAILABLE = Unavailable()


def in_order(
    choice: Choice,
    candidates: Iterable[Candidate],
    at: datetime,
    zone: ZoneInfo,
    aired: Ends,
    unavailable: Unavailable = NONE_UNAVAILABLE,
) -> list[Candidate]:
    """Return the files that may air at `at`, the one to take first.

    `aired` adds to what the candidates say of themselves. They have passed what does not depend on
    the moment.
    """
    asked = choice.filter
    moment = AssetFilter(within_days=asked.within_days, not_aired_for=asked.not_aired_for)
    fit: dict[str, Candidate] = {}
    facts: list[SearchFacts] = []
    for one in candidates:
        known = _as_of(one, at, aired)
        barred = unavailable.bars(one.media.key, at)
        if not barred and search.matches(moment, known, at, zone):
            fit[known.id] = one
            facts.append(known)
    return [fit[one.id] for one in search.in_order(choice.order, facts)]


def _as_of(candidate: Candidate, at: datetime, aired: Ends) -> SearchFacts:
    """Return the facts with its last time on air before `at`."""
    facts = candidate.facts
    ends = (facts.last_aired, aired.get(candidate.media.material))
    last = max((end for end in ends if end and end <= at), default=None)
    return facts if last == facts.last_aired else replace(facts, last_aired=last)


def resolve_choices(
    plan: Plan, happened: AirState, unavailable: Unavailable = NONE_UNAVAILABLE
) -> Plan:
    """Return the plan with a file in each item that takes the first of a saved search.

    Each takes what the search finds for its planned start, the earlier items of the plan counted as
    aired. An item that is cued or on air keeps its file. Where nothing is found the substitute
    airs; without one the item has no file.
    """
    if not any(item.choice for item in plan.items):
        return plan
    choosing = _Choosing(plan, happened, unavailable, ends_by_file(happened))
    in_turn = sorted(plan.items, key=lambda item: (item.start, item.id))
    chosen = {item.id: choosing.item(item) for item in in_turn}
    return replace(plan, items=tuple(chosen[item.id] for item in plan.items))


def ends_by_file(happened: AirState) -> dict[AssetKey, datetime]:
    """Return the end of each file's last time on air, as far as the state of air remembers."""
    ends = dict(happened.played)
    for cue in happened.pinned:
        if cue.item is not None and cue.media is not None:
            end = happened.ended.get(cue.id, cue.end)
            ends[cue.media.material] = max(end, ends.get(cue.media.material, end))
    return ends


@dataclass
class _Choosing:
    """The items of one plan while files are chosen for them, in order of start."""

    plan: Plan
    happened: AirState
    unavailable: Unavailable
    ends: dict[AssetKey, datetime]
    found: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.choices = {choice.id: choice for choice in self.plan.choices}
        self.zone = ZoneInfo(self.plan.zone)

    def item(self, item: Item) -> Item:
        """Return the item with its file, and count its airing for those that follow."""
        choice = self.choices.get(item.choice)
        if choice is not None and item.kind is ContentKind.FILE and item.media is None:
            item = self._committed(item, choice) or self._chosen(item, choice)
        if item.media is not None and item.id not in self.happened.aired:
            end = item.start + (item.media.length - item.in_point or item.length)
            self.ends[item.media.material] = max(end, self.ends.get(item.media.material, end))
        return item

    def _committed(self, item: Item, choice: Choice) -> Item | None:
        """Return the item with the file of its instance; None before it is cued, or if it broke."""
        pieces = self.happened.pieces(item.id)
        if not pieces or pieces[-1].media is None or self.happened.broke(item.id):
            return None
        cue = pieces[-1]
        same = (one for one in self._of(choice) if one.media == cue.media)
        candidate = next(same, None)
        first = cue.offset if candidate is None else item.in_point + candidate.in_point
        return replace(item, media=cue.media, title=cue.title, in_point=first)

    def _chosen(self, item: Item, choice: Choice) -> Item:
        fit = in_order(choice, self._of(choice), item.start, self.zone, self.ends, self.unavailable)
        if fit:
            return with_candidate(item, fit[0])
        return item if item.substitute is None else replace(item, media=item.substitute)

    def _of(self, choice: Choice) -> tuple[Candidate, ...]:
        if choice.id not in self.found:
            decided = self.plan.decided
            own = own_recordings(choice, decided, self.happened, self.zone)
            self.found[choice.id] = (*choice.candidates, *own)
        return self.found[choice.id]


def with_candidate(item: Item, candidate: Candidate) -> Item:
    """Return the item that airs this file, named after it."""
    return replace(
        item,
        media=candidate.media,
        in_point=item.in_point + candidate.in_point,
        title=chosen_title(item.title, candidate.facts.title),
    )


def chosen_title(title: str, chosen: str) -> str:
    """Return `Council replay: Council, November 24`; the title alone where both say the same."""
    if not chosen or title.casefold() == chosen.casefold():
        return title
    return f"{title}: {chosen}"[:LONGEST_TITLE]


def own_recordings(
    choice: Choice, decided: Collection[AiringId], happened: AirState, zone: ZoneInfo
) -> Iterator[Candidate]:
    """Yield the recordings that this machine made, that the server does not judge, and that the
    search asks for.
    """
    judged = {one.recording_of for one in choice.candidates} | {*decided}
    keys = {one.media.key for one in choice.candidates}
    for recording in happened.recordings.values():
        candidate = of_recording(recording, zone)
        if candidate is None or recording.airing in judged or candidate.media.key in keys:
            continue
        if asked_for(choice, candidate.facts, zone):
            yield candidate


def asked_for(choice: Choice, facts: SearchFacts, zone: ZoneInfo) -> bool:
    """Return whether the search finds such a file as soon as it is there."""
    text = search.padded(" ".join((facts.title, facts.body, *facts.tags)))
    found = search.matches(choice.filter, facts, facts.added, zone)
    return found and all(words in text for words in choice.words)


def of_recording(recording: Recording, zone: ZoneInfo) -> Candidate | None:
    """Return a recording as a file to choose; None while it cannot air, or where its plan did not
    say what it is.
    """
    whole = recording.state is RecordingState.WHOLE
    if not whole or recording.media is None or recording.facts is None:
        return None
    first, last = recording.span
    began = recording.begins or recording.began
    facts = replace(
        recording.facts,
        day=began.astimezone(zone).date(),
        added=recording.began,
        length=last - first,
        captioned=recording.media.captions is not None,
    )
    media = replace(recording.media, length=last)
    return Candidate(media, facts, first, recording_of=recording.airing)
