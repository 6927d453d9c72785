"""The knowledge of staff about files, between rows and values."""

from config.names import AssetKey
from scheduler.db.tables.details import DetailsRow, DocumentRow
from scheduler.db.tables.plan import StationRow
from scheduler.domain.library.details import Details, Document, DocumentId, StationField
from scheduler.domain.model.ids import AssetId, ProgramId


def details(row: DetailsRow | None) -> Details:
    """Return the details of a file; empty ones before anybody wrote any."""
    if row is None:
        return Details()
    return Details(
        day=row.day,
        body=row.body,
        program=ProgramId(row.program_id) if row.program_id else None,
        tags=tuple(map(str, row.tags)),
        notes=row.notes,
        fields={id: str(text) for id, text in row.fields.items()},
        version=row.version,
    )


def fill_details(row: DetailsRow, details: Details) -> None:
    """Write the details. Texts of fields that the station no longer names stay."""
    row.day, row.body, row.program_id = details.day, details.body, details.program
    row.tags, row.notes, row.fields = list(details.tags), details.notes, dict(details.fields)


def document(row: DocumentRow) -> Document:
    """Return the document."""
    return Document(
        id=DocumentId(row.id),
        asset=AssetId(row.asset_id),
        name=row.name,
        key=AssetKey(row.key),
        suffix=row.suffix,
        size=row.size,
        added=row.added,
        added_by=row.added_by,
        version=row.version,
    )


def station_fields(row: StationRow | None) -> tuple[StationField, ...]:
    """Return the fields that the station adds to its files, in its order."""
    stored = row.asset_fields if row is not None else ()
    return tuple(StationField(str(one["id"]), str(one["name"])) for one in stored)
