"""The one way a drawer's form is kept: read it, do it, or show it again with words for why not."""

from collections.abc import Callable

from flask import Response

from scheduler.refusals import Conflict, Refused
from web.forms import DeskForm


def keep(
    form: DeskForm, act: Callable[[], Response], again: Callable[[str], str], stands: int = 0
) -> Response | tuple[str, int]:
    """What `act` answers; where the form or the action says no, `again` with the words, as 422.

    After a lost race the form takes `stands`, the version that stands now, so that saving again
    puts what was typed in place. Nothing typed is lost.
    """
    wrong = ""
    if form.read():
        try:
            return act()
        except Refused as refused:
            wrong = form.blame(refused)
        except Conflict as conflict:
            form["version"].data = str(stands)
            wrong = f"{conflict.message} Save again to put yours in place."
    return again(wrong), 422
