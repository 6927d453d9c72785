"""Files of the library as choices of a form: those chosen already, and the newest.

A library has tens of thousands of files, so a form offers few of them and its field searches for
the others (`static/pick.js`).
"""

from collections.abc import Iterable

from flask import url_for

from config.times import length as length_words
from scheduler.db.store import Database
from scheduler.domain.model.asset import Asset
from scheduler.queries import library
from web.kit.forms import DeskForm, Offer

MOST_OFFERED = 100


def offer_files(db: Database, form: DeskForm, name: str, none: str) -> None:
    """Offer files in a field of one choice, by title, after the choice of `none`."""
    files, more = _offered(db, [str(form[name].data or "")])
    by_title = sorted(files, key=lambda one: (one.title, one.id))
    form.choose(name, [Offer("", none), *map(file_offer, by_title)])
    _let_search(form, name, more)


def offer_file_list(db: Database, form: DeskForm, name: str) -> None:
    """Offer files in a field of several choices: those chosen first, in their order."""
    chosen = [str(id) for id in form[name].data or ()]
    files, more = _offered(db, chosen)
    place = {id: number for number, id in enumerate(chosen)}
    ordered = sorted(files, key=lambda one: (place.get(one.id, len(place)), one.title, one.id))
    form.choose(name, map(file_offer, ordered))
    _let_search(form, name, more)


def file_offer(asset: Asset) -> Offer:
    """Return a file as a choice, with its length."""
    span = asset.length
    words = f"{asset.title} ({length_words(span)})" if span else asset.title
    return Offer(asset.id, words, span)


def _offered(db: Database, chosen: Iterable[str]) -> tuple[list[Asset], bool]:
    """Return the chosen files with the newest ones, and whether the library has more."""
    newest = library.choices(db, "", MOST_OFFERED + 1)
    kept = [one for one in library.named(db, chosen) if one.fit]
    known = {one.id: one for one in (*kept, *newest[:MOST_OFFERED])}
    return list(known.values()), len(newest) > MOST_OFFERED


def _let_search(form: DeskForm, name: str, more: bool) -> None:
    form[name].render_kw = {"data-pick": url_for("media.choices")} if more else None
