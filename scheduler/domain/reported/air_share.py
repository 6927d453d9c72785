"""The share of air time by kind: programs, filler, bulletins, slate, or not recorded."""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.reported.aired import Account, AiredPiece, is_by_hand

NO_TIME = timedelta(0)


@dataclass(frozen=True)
class Share:
    """Elapsed time of each kind; together they are the whole span."""

    programs: timedelta = NO_TIME
    filler: timedelta = NO_TIME
    bulletins: timedelta = NO_TIME
    slate: timedelta = NO_TIME
    unseen: timedelta = NO_TIME
    """Not recorded: the broadcast machine was off."""

    @property
    def whole(self) -> timedelta:
        """The length of the span."""
        return self.programs + self.filler + self.bulletins + self.slate + self.unseen

    @property
    def on_air(self) -> float:
        """The part of the span, 0 to 1, in which viewers saw anything but slate; 0 for an empty
        span.
        """
        seen = self.programs + self.filler + self.bulletins
        return seen / self.whole if self.whole else 0.0


def share(made: Account) -> Share:
    """Return how the time of the account was spent, judged by the frames seen."""
    spent = {"programs": NO_TIME, "filler": NO_TIME, "bulletins": NO_TIME, "slate": NO_TIME}
    for piece in made.pieces:
        spent[kind_of(piece)] += piece.end - piece.start
    unseen = made.told - made.since - sum(spent.values(), NO_TIME)
    return Share(**spent, unseen=max(unseen, NO_TIME))


def kind_of(piece: AiredPiece) -> str:
    """Return the kind of time a piece was: programs, filler, bulletins or slate."""
    if piece.layer == "deck":
        planned = piece.run.item is not None or is_by_hand(piece.run)
        return "programs" if planned else "filler"
    return "bulletins" if piece.layer == "board" else "slate"
