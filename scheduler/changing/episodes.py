"""The coming airings of a series with their episodes: one answer for the rows and for previews."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from scheduler.db import find, load
from scheduler.db.store import Session
from scheduler.db.tables.plan import AssetRow, SeriesRow
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.ids import AssetId
from scheduler.domain.series.episodes import ComingAiring, assign_episodes
from scheduler.domain.series.recurrence import Occurrence, SeriesDraft

NONE_LEFT = "no episode is left"


@dataclass(frozen=True)
class ComingAirings:
    """The coming airings of a series by local day, and the days for which no episode is left."""

    drafts: Mapping[date, AiringDraft]
    none_left: tuple[date, ...] = ()


def coming_airings(
    session: Session,
    draft: SeriesDraft,
    occurrences: Iterable[Occurrence],
    known: Sequence[Airing],
    since: datetime,
    series: str | None = None,
) -> ComingAirings:
    """Return what each occurrence from `since` on would be.

    `known` are the airings of the series that exist. An edited one keeps its place in the order of
    episodes even where the rule no longer has its day. An episode gives its airing a file, a length
    and a title: "Series: Episode".
    """
    wanted = sorted(occurrences, key=lambda one: one.start)
    bare = {one.day: replace(draft.airing, start=one.start) for one in wanted}
    bare |= {one.day: replace(bare[one.day], title=one.title) for one in wanted if one.title}
    bare = _as_long_as_chosen(bare, known)
    if not draft.episodes.files:
        return ComingAirings(bare)
    changed = (one for one in known if one.edited and one.start >= since)
    by_day = {one.series_day: one for one in changed if one.series_day}
    by_hand = [one for one in by_day.values() if one.series_day not in bare]
    turns = sorted(
        [
            *((one.start, _turn(one.day, by_day.get(one.day))) for one in wanted),
            *((one.start, _turn(one.series_day or date.min, one)) for one in by_hand),
        ],
        key=lambda pair: (pair[0], pair[1].day),
    )
    played = last_played(session, series, since)
    episode_by_day = assign_episodes(draft.episodes, played, [turn for _, turn in turns])
    assets = find.plan.assets_by_id(session, episode_by_day.values())
    left = tuple(day for day in bare if day not in episode_by_day and day not in by_day)
    drafts = {
        day: _playing(bare[day], assets, episode_by_day.get(day)) for day in bare if day not in left
    }
    return ComingAirings(drafts, left)


def _as_long_as_chosen(
    bare: Mapping[date, AiringDraft], known: Sequence[Airing]
) -> dict[date, AiringDraft]:
    """Return the drafts with the lengths that follow what a saved search took for these days."""
    lengths = {one.series_day: one.draft.length for one in known if one.chosen}
    return {
        day: replace(one, length=lengths.get(day, one.length)) if one.search else one
        for day, one in bare.items()
    }


def last_played(session: Session, series: str | None, before: datetime) -> AssetId | None:
    """Return the episode that plays last before `before`, in this series or the one it continues.

    An airing that viewers did not see does not count, so its episode comes again.
    """
    row = session.get(SeriesRow, series) if series else None
    if row is None:
        return None
    files = list(row.episodes)
    asset = find.plan.last_of_series(session, row.id, files, before)
    if asset is None and row.continues_id:
        asset = find.plan.last_of_series(session, row.continues_id, files, None)
    return AssetId(asset) if asset else None


def _turn(day: date, airing: Airing | None) -> ComingAiring:
    if airing is None:
        return ComingAiring(day)
    return ComingAiring(day, keeps=True, plays=None if airing.cancelled else airing.draft.asset)


def _playing(
    airing: AiringDraft, assets: Mapping[str, AssetRow], episode: AssetId | None
) -> AiringDraft:
    row = assets.get(episode) if episode else None
    if row is None:
        return airing
    asset = load.plan.asset(row)
    return replace(
        airing,
        asset=asset.id,
        title=f"{airing.title}: {asset.title}"[:200],
        length=asset.length or airing.length,
    )
