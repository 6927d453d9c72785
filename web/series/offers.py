"""The choices that the series form offers."""

from datetime import datetime

from scheduler.db.store import Database
from scheduler.queries import grid
from web.kit.file_offers import offer_file_list, offer_files
from web.kit.graphic_rows import typed_rows
from web.kit.offers import program_choices, search_choices
from web.series.forms import SeriesForm


def series_choices(db: Database, now: datetime, form: SeriesForm) -> SeriesForm:
    """Offer channels, programs and files; the chosen episodes come first, in their order."""
    form.choose("channel", [(c.id, c.name) for c in grid.channels(db)])
    form.choose("program", program_choices(db))
    form.graphics = typed_rows() or form.graphics
    offer_files(db, form, "asset", "the program's own file")
    offer_file_list(db, form, "episodes")
    form.choose("search", search_choices(db, form.channel.data, "none"))
    return form
