"""The rule that nothing shows a logo that was removed."""

from scheduler.changing.transaction import UnitOfWork
from scheduler.db import find, load
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.ids import STATION_KEY
from scheduler.refusals import Refused


def check_logos(work: UnitOfWork) -> None:
    """Raise Refused if a channel's bug or the bulletins would show a removed logo.

    An old change may be undone after its logo was removed, and a removal redone after the logo
    came into use again.
    """
    work.session.flush()
    logo = load.look.look(work.session.get(StationRow, STATION_KEY)).logo
    in_look = logo is not None and find.graphics.removed_key(work.session, logo.key)
    if in_look or find.graphics.shows_removed(work.session):
        raise Refused(message="A logo that this would show has been removed. Choose another one.")
