"""Actions of staff on keeping: the class of a file, legal holds, and the station's classes."""

from dataclasses import replace
from datetime import datetime

from scheduler.changing.keeping import file_of, reason_of
from scheduler.changing.transaction import UnitOfWork, changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.keeping import HoldRow, RetentionClassRow
from scheduler.domain.library.keeping import (
    LONGEST_DAYS,
    LONGEST_NAME,
    GivenTo,
    RetentionClass,
    RetentionRule,
    is_longer,
)
from scheduler.domain.library.letting_go import Hold
from scheduler.domain.model.ids import AssetId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id
from scheduler.reading import keeping
from scheduler.refusals import Conflict, Forbidden, Missing, Refused

COUNTING = frozenset({RetentionRule.AFTER_AIRING, RetentionRule.AFTER_RECORDING})
WHY = "Say why, for whoever reads it in ten years."


def set_class(
    db: Database, actor: Actor, now: datetime, asset: AssetId, chosen: str, version: int
) -> str:
    """Give a file a retention class, and return its title; empty for that of its kind.

    Whoever prepares media may keep a file longer; only who signs disposals may keep it shorter.
    Raises Refused, Missing, Forbidden, and Conflict with the present Asset.
    """
    with changing(db, actor, now, Right.PREPARE, "classify") as work:
        row = file_of(work, asset)
        work.expect_version(row, version, load.plan.asset(row))
        known = keeping.classes(work.session)
        if chosen and chosen not in {one.id for one in known.offered}:
            raise Refused({"retention": "Choose a class from the list."})
        recorded = asset in find.keeping.recorded_ids(work.session, [asset])
        before = known.of(row, is_recording=recorded)
        row.retention = chosen or None
        after = known.of(row, is_recording=recorded)
        if not is_longer(after, before) and not actor.may(Right.DISPOSE):
            raise Forbidden("let a file go earlier than its class says")
        work.about("asset", row.id, f"Keeps {row.title}: {after.name if after else 'no class'}")
    return row.title


def place_hold(db: Database, actor: Actor, now: datetime, asset: AssetId, reason: str) -> Hold:
    """Put a legal hold on a file: it stays until somebody lifts it. Raises Refused and Missing."""
    with changing(db, actor, now, Right.PREPARE, "hold") as work:
        said = reason_of(reason, "reason", WHY)
        file = file_of(work, asset)
        row = HoldRow(
            id=new_id(), asset_id=asset, reason=said, placed=now, placed_by=actor.name,
            lifted=None, lifted_by="", lifted_reason="",
        )  # fmt: skip
        work.add(row)
        work.about("hold", row.id, f"Put {file.title} on legal hold: {said}")
    return load.keeping.hold(row)


def lift_hold(db: Database, actor: Actor, now: datetime, hold: str, reason: str) -> str:
    """Lift a legal hold, and return the title of its file.

    Raises Refused, Missing, Forbidden without the right to sign disposals, and Conflict where it is
    lifted already.
    """
    with changing(db, actor, now, Right.DISPOSE, "lift") as work:
        said = reason_of(reason, "lifted", WHY)
        row = work.get(HoldRow, hold, "hold")
        if row.lifted is not None:
            raise Conflict(None, f"{row.lifted_by} has lifted this hold already.")
        file = file_of(work, row.asset_id)
        row.lifted, row.lifted_by, row.lifted_reason = now, actor.name, said
        work.about("hold", row.id, f"Lifted a legal hold on {file.title}: {said}")
    return file.title


def save_class(
    db: Database, actor: Actor, now: datetime, draft: RetentionClass, version: int
) -> RetentionClass:
    """Add a retention class (an empty id) or change one. Raises Refused, Missing, Forbidden and
    Conflict.
    """
    with changing(db, actor, now, Right.DISPOSE, "class") as work:
        draft = _checked(work, draft)
        row = _class_row(work, draft, version)
        load.keeping.fill_retention_class(row, draft)
        work.session.flush()
        work.about("retention class", row.id, f"Set the retention class {draft.name}")
    return load.keeping.retention_class(row)


def retire_class(db: Database, actor: Actor, now: datetime, id: str, version: int) -> str:
    """Offer a class no more, and return its name; files that have it keep it.

    Raises Missing, Forbidden, Conflict, and Refused for a class that files are given.
    """
    with changing(db, actor, now, Right.DISPOSE, "retire") as work:
        known = keeping.classes(work.session).by_id.get(id)
        if known is None:
            raise Missing("class")
        if known.given_to is not GivenTo.NONE:
            raise Refused(message=f"{known.name} is given to all {known.given_to.value}.")
        row = _class_row(work, known, version)
        row.archived = True
        work.about("retention class", row.id, f"Retired the retention class {known.name}")
    return known.name


def _checked(work: UnitOfWork, draft: RetentionClass) -> RetentionClass:
    """Return the draft as it is stored. Raises Refused with a sentence for each field at fault."""
    name, errors = one_line(draft.name), dict[str, str]()
    others = [one for one in keeping.classes(work.session).offered if one.id != draft.id]
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = f"Give the class a name of up to {LONGEST_NAME} characters."
    elif name.lower() in {one.name.lower() for one in others}:
        errors["name"] = "Another class has this name."
    counts = draft.rule in COUNTING
    if counts and not 1 <= draft.days <= LONGEST_DAYS:
        errors["days"] = "Give the days as a number from 1 to 36,500."
    taken = next((one for one in others if draft.given_to and one.given_to is draft.given_to), None)
    if taken is not None:
        errors["given_to"] = (
            f"{taken.name} is given to all {taken.given_to.value}; change it first."
        )
    if errors:
        raise Refused(errors)
    return replace(draft, name=name, days=draft.days if counts else 0)


def _class_row(work: UnitOfWork, known: RetentionClass, version: int) -> RetentionClassRow:
    """Return the row of a class, made where the station adds it or first changes a standard one."""
    existing = work.session.get(RetentionClassRow, known.id) if known.id else None
    if existing is not None:
        work.watch(existing)
        work.expect_version(existing, version, load.keeping.retention_class(existing))
        return existing
    if known.id and known.id not in keeping.classes(work.session).by_id:
        raise Missing("class")
    row = RetentionClassRow(id=known.id or new_id(), archived=False)
    load.keeping.fill_retention_class(row, known)
    work.add(row)
    return row
