"""What a machine needs first, and what fits on its disk."""

from dataclasses import replace
from datetime import timedelta

from support.plans import at, clips, item, media, minutes, page, plan

from config.names import AssetKey
from playout.model.look import LookFile, StationLook
from playout.model.plan import CaptionFile, Media, Page, Plan
from playout.model.rundown import Cue, Rundown
from playout.state.air_state import AirState
from playout.timing.media_need import MediaNeed, Need, needed_until, needs, share_disk
from playout.timing.settle import settle

NOW = at("9:00")
GB = 10**9
HOUR = timedelta(hours=1)


def names(found: tuple[MediaNeed, ...], *known: Media) -> list[str]:
    by_key = {one.key: one.suffix for one in known}
    return [by_key[one.media.key] for one in found]


def named(name: str, length: timedelta = HOUR) -> Media:
    return replace(media(name, length), suffix=f".{name}")


def test_what_air_falls_back_on_comes_first_then_the_hour_then_filler_then_by_start() -> None:
    still, logo, font = named("still"), named("logo"), named("font")
    soon, spot, late, spare = named("soon"), named("spot"), named("late"), named("spare")
    bulletin: Page = replace(page(), picture=still)
    look = StationLook(font=LookFile(font.key, font.suffix, 10))
    made = plan(
        item("late", at("19:00", 7), minutes(60), media=late, substitute=spare),
        item("soon", at("9:30"), minutes(60), media=soon),
        item("again", at("20:00", 6), minutes(60), media=soon),
        filler=(spot,),
        board=(bulletin,),
        days=8,
        pictures=(logo,),
        look=look,
    )
    found = needs(made, NOW)

    every = names(found, still, logo, font, soon, spot, late, spare)
    assert every[:3] == [".font", ".still", ".logo"]
    assert every[3:] == [".soon", ".spot", ".late", ".spare"]
    assert [one.need for one in found[3:]] == [
        Need.NEXT_HOUR, Need.FILLER, Need.PLANNED, Need.PLANNED,
    ]  # fmt: skip


def test_what_is_kept_of_a_plan_says_later_what_the_plan_would_say() -> None:
    """A file that airs twice is needed until the second airing."""
    twice, once, spot, logo = named("twice"), named("once"), named("spot"), named("logo")
    made = plan(
        item("early", at("9:00"), minutes(60), media=twice, substitute=once),
        item("late", at("20:00", 2), minutes(60), media=twice),
        filler=(spot,),
        pictures=(logo,),
        days=8,
    )
    assert_kept_says_the_same(made)
    assert needed_until(made)[twice.key] == at("22:00", 2)


def assert_kept_says_the_same(made: Plan) -> None:
    """Ask the plan, and what is kept of it, at every edge of an airing."""
    until, tick = needed_until(made), timedelta(microseconds=1)
    edges = [one.start + one.length for one in made.items]
    for edge in [NOW, *edges, *(edge + HOUR for edge in edges)]:
        for now in (edge - tick, edge, edge + tick):
            later = {key for key, end in until.items() if end > now}
            assert later == {one.media.key for one in needs(made, now)}


def test_captions_are_needed_with_their_film_wherever_it_airs() -> None:
    track = CaptionFile(AssetKey("c" * 64), 4)
    film = replace(media("film", minutes(60)), captions=track)
    clip = replace(clips(60)[0], captions=CaptionFile(AssetKey("d" * 64), 4))
    found = needs(plan(item("film", at("9:00", 5), minutes(60), media=film), filler=(clip,)), NOW)

    assert [one.media.key for one in found] == [clip.key, "d" * 64, film.key, "c" * 64]


def test_clips_beyond_two_hours_of_filler_give_way_to_the_whole_week() -> None:
    pool = clips(*[1800] * 6)
    film = item("film", at("19:00", 7), minutes(60))
    found = needs(plan(film, filler=pool, days=8), NOW)

    assert film.media is not None
    assert [one.media.key for one in found] == [
        *(clip.key for clip in pool[:4]), film.media.key, *(clip.key for clip in pool[4:]),
    ]  # fmt: skip


def test_what_the_rundown_puts_into_a_gap_is_needed_when_it_airs() -> None:
    made = plan(item("film", at("19:00"), minutes(60)), filler=clips(*[1800] * 6))
    rundown: Rundown = settle(made, AirState(since=NOW), NOW)
    cue: Cue = next(
        one for one in rundown.cues if one.media and one.media.key == clips(1800)[0].key
    )
    found = {one.media.key: one for one in needs(made, NOW, rundown)}

    assert cue.media is not None
    assert found[cue.media.key].need is Need.NEXT_HOUR


def need(name: str, size: int, kind: Need = Need.PLANNED, days: float = 0) -> MediaNeed:
    return MediaNeed(
        replace(media(name, minutes(1)), size=size * GB), kind, NOW + timedelta(days=days)
    )


def test_the_example_at_the_head_of_the_module() -> None:
    order = [
        need("fonts", 1, Need.ALWAYS),
        need("council", 20, days=0.4),
        need("clips", 9, Need.FILLER),
        need("film", 50, days=3),
        need("budget hearing", 20, days=4),
        need("parks report", 5, days=5),
    ]
    share = share_disk(order, 100 * GB, 10 * GB, GB, NOW)

    assert [one.media.key for one in share.lacking] == [media("budget hearing", minutes(1)).key]
    assert list(share.needs) == [one.media.key for one in order if one not in share.lacking]


def test_only_what_air_misses_within_two_days_uses_the_spare_room() -> None:
    soon, later = need("soon", 95, days=1.9), need("later", 95, days=2.1)

    assert share_disk([soon], 100 * GB, 10 * GB, GB, NOW).lacking == ()
    assert share_disk([later], 100 * GB, 10 * GB, GB, NOW).lacking == (later,)
    whole = need("whole", 100, days=1)
    assert share_disk([whole], 100 * GB, 10 * GB, GB, NOW).lacking == (whole,)
