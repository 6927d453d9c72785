"""How a stretch of time was spent on air: programs, filler, bulletins, slate, or not recorded."""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.reported.aired import Account, Piece, is_by_hand

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Share:
    """Elapsed time of each kind; together they are the whole stretch."""

    programs: timedelta = NOTHING
    filler: timedelta = NOTHING
    bulletins: timedelta = NOTHING
    slate: timedelta = NOTHING
    unseen: timedelta = NOTHING
    """Not recorded: the broadcast machine was off."""

    @property
    def whole(self) -> timedelta:
        """The stretch itself."""
        return self.programs + self.filler + self.bulletins + self.slate + self.unseen

    @property
    def on_air(self) -> float:
        """Part of the stretch, 0 to 1, in which viewers saw anything but slate; 0 of nothing."""
        seen = self.programs + self.filler + self.bulletins
        return seen / self.whole if self.whole else 0.0


def share(made: Account) -> Share:
    """What the account's time was spent on, by the frames seen."""
    spent = {"programs": NOTHING, "filler": NOTHING, "bulletins": NOTHING, "slate": NOTHING}
    for piece in made.pieces:
        spent[kind_of(piece)] += piece.end - piece.start
    unseen = made.told - made.since - sum(spent.values(), NOTHING)
    return Share(**spent, unseen=max(unseen, NOTHING))


def kind_of(piece: Piece) -> str:
    """The kind of time it was: programs, filler, bulletins or slate."""
    if piece.layer == "deck":
        planned = piece.run.item is not None or is_by_hand(piece.run)
        return "programs" if planned else "filler"
    return "bulletins" if piece.layer == "board" else "slate"
