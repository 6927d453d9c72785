"""The station's look and its fonts, between rows and values."""

from pydantic import TypeAdapter, ValidationError

from config.names import AssetKey
from playout.model.look import LookFile, StationLook
from scheduler.db.tables.look import FontRow
from scheduler.db.tables.plan import StationRow
from scheduler.domain.model.look import Font

_LOOK = TypeAdapter(StationLook)


def look(row: StationRow | None) -> StationLook:
    """Return the look of bulletins; the usual one where none is stored, or none can be read."""
    try:
        return _LOOK.validate_python(row.look) if row is not None and row.look else StationLook()
    except ValidationError:
        return StationLook()


def fill_look(row: StationRow, look: StationLook) -> None:
    """Write the look."""
    row.look = _LOOK.dump_python(look, mode="json")


def font(row: FontRow) -> Font:
    """Return the font."""
    return Font(row.name, LookFile(AssetKey(row.key), row.suffix, row.size))
