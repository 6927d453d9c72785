"""The page Keeping, with what is due and let go, and the section Keeping of one file."""

from collections import Counter
from datetime import timedelta
from typing import Any, TypeVar

from flask import Blueprint, Response, make_response, render_template, request, url_for

from scheduler.actions import disposal as disposals
from scheduler.actions import keeping as action
from scheduler.domain.library.keeping import (
    LONGEST_DAYS,
    GivenTo,
    RetentionClass,
    RetentionRule,
)
from scheduler.domain.library.letting_go import Disposal
from scheduler.domain.model.ids import AssetId
from scheduler.queries import changes, disks, library, resting
from scheduler.queries import keeping as query
from scheduler.queries.library import LibraryEntry
from scheduler.refusals import Refused
from web.kit.bounds import number
from web.kit.context import actor, database, done, now, services, station_zone
from web.library import asset as pages
from web.library.certificate import as_csv, state_of

bp = Blueprint("keeping", __name__, url_prefix="/media")
Kind = TypeVar("Kind", RetentionRule, GivenTo)
RULE_WORDS = (
    (RetentionRule.AFTER_AIRING, "so many days after the last airing"),
    (RetentionRule.AFTER_RECORDING, "so many days after it came"),
    (RetentionRule.UNTIL_REPLACED, "until a newer file has its title"),
    (RetentionRule.FOREVER, "for ever"),
)
GIVEN_WORDS = (
    (GivenTo.NONE, "no file by itself"),
    (GivenTo.RECORDINGS, "every recording"),
    (GivenTo.UPLOADS, "every upload"),
)


@bp.get("/keeping")
def home() -> str:
    """Show what is due, what is kept all the same, the trash, holds, disposals and classes."""
    return _home()


def _home(wrong: str = "", **typed: Any) -> str:
    has_archive = services().settings.archive_folder is not None
    return render_template(
        "library/keeping.html",
        lists=query.lists(database(), now()),
        disks=disks.disks(database(), now()),
        resting=resting.total(database()) if has_archive else None,
        rest_days=disks.rests_after(database(), _rest_setting(), now()).days,
        second=disks.archive(database(), now()) if has_archive else None,
        zone=station_zone(),
        state_counts=_state_counts,
        rules=RULE_WORDS,
        kinds=GIVEN_WORDS,
        wrong=wrong,
        typed=typed,
    )


def _rest_setting() -> timedelta:
    return timedelta(days=services().settings.archive_rest_days)


@bp.post("/keeping/sign")
def sign() -> Response | tuple[str, int]:
    """Sign the disposal of the chosen files."""
    chosen = [AssetId(one) for one in request.form.getlist("asset")]
    authority = request.form.get("authority", "")
    try:
        signed = disposals.sign(database(), actor(), now(), chosen, authority)
    except Refused as error:
        return _home(_sentence(error), authority=authority, chosen=frozenset(chosen)), 422
    files = f"{len(chosen):,} file{'' if len(chosen) == 1 else 's'}"
    text = f"Signed the disposal of {files}. For thirty days each can be taken back."
    return done(text, f"{url_for('keeping.home')}#disposal-{signed}")


@bp.get("/keeping/disposals/<disposal>.csv")
def certificate(disposal: str) -> Response:
    """Answer with the certificate of a signed disposal."""
    found = query.disposal(database(), disposal)
    day = found.signed.astimezone(station_zone()).date()
    answer = make_response(as_csv(found, station_zone()))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="disposal-{day}.csv"'
    return answer


@bp.post("/<asset>/take-back")
def take_back(asset: str) -> Response:
    """Take a file out of the trash."""
    title = disposals.take_back(database(), actor(), now(), AssetId(asset))
    return done(f"Took {title} back.", url_for("asset.show", asset=asset))


@bp.post("/<asset>/release")
def release(asset: str) -> Response | tuple[str, int]:
    """Let the bytes of a deleted file go now."""
    try:
        title = disposals.release(database(), actor(), now(), AssetId(asset))
    except Refused as error:
        return _home(_sentence(error)), 422
    text = f"{title} is removed for good. Its bytes go within a minute; new ones, after an hour."
    return done(text, f"{url_for('keeping.home')}#h-trash")


@bp.post("/keeping/holds/<hold>/lift")
def lift(hold: str) -> Response | tuple[str, int]:
    """Lift a legal hold."""
    reason = request.form.get("reason", "")
    try:
        title = action.lift_hold(database(), actor(), now(), hold, reason)
    except Refused as error:
        return _home(_sentence(error), hold=hold, reason=reason), 422
    return _done(f"Lifted the hold on {title}.", "hold", hold, url_for("keeping.home"))


@bp.post("/keeping/classes")
def add_class() -> Response | tuple[str, int]:
    """Add a retention class."""
    return _save_class("")


@bp.post("/keeping/classes/<kept>")
def save_class(kept: str) -> Response | tuple[str, int]:
    """Change a retention class."""
    return _save_class(kept)


def _save_class(id: str) -> Response | tuple[str, int]:
    form = request.form
    try:
        draft = RetentionClass(
            id,
            form.get("name", ""),
            _one_of(RetentionRule, form.get("rule", "")),
            number(form, "days", most=LONGEST_DAYS + 1),
            _one_of(GivenTo, form.get("given_to", "")),
        )
        saved = action.save_class(database(), actor(), now(), draft, number(form, "version"))
    except Refused as error:
        return _home(_sentence(error), kept=id, form=form), 422
    home_of_classes = f"{url_for('keeping.home')}#classes"
    return _done(f"Saved {saved.name}.", "retention class", saved.id, home_of_classes)


@bp.post("/keeping/classes/<kept>/retire")
def retire_class(kept: str) -> Response:
    """Offer a retention class no more."""
    version = number(request.form, "version")
    name = action.retire_class(database(), actor(), now(), kept, version)
    text = f"{name} is no longer offered. Files that have it keep it."
    return _done(text, "retention class", kept, f"{url_for('keeping.home')}#classes")


@bp.post("/<asset>/class")
def classify(asset: str) -> Response | tuple[str, int]:
    """Give a file a retention class."""
    chosen, version = request.form.get("retention", ""), number(request.form, "version")
    try:
        title = action.set_class(database(), actor(), now(), AssetId(asset), chosen, version)
    except Refused as error:
        return _again(asset, _sentence(error)), 422
    return _done(f"Set how long {title} is kept.", "asset", asset, _page(asset))


@bp.post("/<asset>/hold")
def hold(asset: str) -> Response | tuple[str, int]:
    """Put a legal hold on a file."""
    reason = request.form.get("reason", "")
    try:
        placed = action.place_hold(database(), actor(), now(), AssetId(asset), reason)
    except Refused as error:
        return _again(asset, _sentence(error), reason), 422
    return _done("It stays until the hold is lifted.", "hold", placed.id, _page(asset))


@bp.post("/<asset>/delete")
def delete(asset: str) -> Response | tuple[str, int]:
    """Put a file into the trash."""
    version = number(request.form, "version")
    try:
        title = disposals.delete(database(), actor(), now(), AssetId(asset), version)
    except Refused as error:
        return _again(asset, _sentence(error)), 422
    text = f"Deleted {title}. For thirty days it can be taken back."
    return _done(text, "asset", asset, _page(asset))


@pages.section("keeping")
def keeping_section(entry: LibraryEntry, again: Any) -> pages.SectionData:
    """Return how long a file is kept, its holds, and what can be done about both."""
    kept = query.file(database(), entry.asset.id, now())
    return {"kept": kept, "zone": station_zone(), "again": again or {}}


def _again(asset: str, wrong: str, reason: str = "") -> str:
    entry = library.entry(database(), AssetId(asset))
    return pages.page(entry, keeping={"wrong": wrong, "reason": reason})


def _page(asset: str) -> str:
    return f"{url_for('asset.show', asset=asset)}#h-keeping"


def _done(text: str, entity: str, id: str, to: str) -> Response:
    change = changes.latest(database(), entity, id)
    return done(text, to, change.id if change else None)


def _sentence(error: Refused) -> str:
    return " ".join(dict.fromkeys(error.field_errors.values())) or error.message


def _one_of(kind: type[Kind], typed: str) -> Kind:
    try:
        return kind(typed)
    except ValueError:
        raise Refused({"rule": "Choose from the list."}) from None


def _state_counts(disposal: Disposal) -> str:
    """Return `2 destroyed, 1 in the trash`."""
    counts = Counter(state_of(item)[0].partition(" by ")[0] for item in disposal.items)
    return ", ".join(f"{number:,} {words}" for words, number in sorted(counts.items()))
