"""A plan for a broadcast machine of a version that knows no pieces of files.

What was left out must not air there either. A cut becomes one item for each of its pieces, and the
second and later ones follow as soon as the air is free. In a gap, where no item can do that, cuts
are left out of the choice.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from config.names import ItemId
from playout.model.pieces import joined, length_of, span_of
from playout.model.plan import EndRule, FillerPolicy, Item, Media, Plan, StartRule


def without_cuts(plan: Plan) -> Plan:
    """Return the plan with whole files only."""
    filler, titles = _whole(plan.filler, plan.filler_titles)
    return replace(
        plan,
        items=tuple(part for item in plan.items for part in _of_item(item)),
        filler=filler,
        filler_titles=titles,
        policies=tuple(map(_of_policy, plan.policies)),
    )


def _whole(
    filler: tuple[Media, ...], titles: tuple[str, ...]
) -> tuple[tuple[Media, ...], tuple[str, ...]]:
    kept = [place for place, media in enumerate(filler) if not media.pieces]
    return tuple(filler[n] for n in kept), tuple(titles[n] for n in kept if n < len(titles))


def _of_policy(policy: FillerPolicy) -> FillerPolicy:
    filler, titles = _whole(policy.filler, policy.filler_titles)
    return replace(policy, filler=filler, filler_titles=titles)


def _of_item(item: Item) -> Iterator[Item]:
    if item.substitute is not None and item.substitute.pieces:
        item = replace(item, substitute=None)
    if item.media is None or not item.media.pieces:
        yield item
        return
    plays_on = item.end_rule is EndRule.FINISH
    before, rate = timedelta(0), item.media.rate
    ends = item.media.length if plays_on else item.in_point + item.length
    for number, (first, after) in enumerate(joined(item.media.pieces), start=1):
        begins, lasts = span_of(first, rate), length_of(((first, after),), rate)
        late = max(item.in_point - before, timedelta(0))
        left = min(lasts, ends - before) - late
        if left > timedelta(0):
            media = replace(item.media, pieces=(), length=begins + lasts)
            start = item.start + before + late - item.in_point
            yield _piece(
                item,
                number,
                replace(item, media=media, in_point=begins + late, start=start, length=left),
            )
        before += lasts


def _piece(item: Item, number: int, piece: Item) -> Item:
    """Return a piece with the rules of its item: only the first waits, and none plays on."""
    piece = replace(piece, end_rule=EndRule.CUT)
    if piece.start <= item.start:
        return piece
    return replace(
        piece,
        id=ItemId(f"{item.id}-{number}"),
        start_rule=StartRule.FOLLOW,
        airing=None,
        graphics=(),
    )
