"""The choices that the series form offers."""

from datetime import datetime

from scheduler.db.store import Database
from scheduler.queries import grid
from web.kit.graphic_rows import typed_rows
from web.kit.offers import asset_choices, program_choices
from web.series.forms import SeriesForm


def series_choices(db: Database, now: datetime, form: SeriesForm) -> SeriesForm:
    """Offer channels, programs and files; the chosen episodes come first, in their order."""
    form.choose("channel", [(c.id, c.name) for c in grid.channels(db)])
    form.choose("program", program_choices(db, now))
    form.graphics = typed_rows() or form.graphics
    files = asset_choices(db, "the program's own file")
    form.choose("asset", files)
    place = {id: number for number, id in enumerate(form.episodes.data or ())}
    form.choose("episodes", sorted(files[1:], key=lambda one: place.get(one[0], len(place))))
    return form
