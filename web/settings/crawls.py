"""Pages of what a channel shows by the clock: its crawls, and the hours of its clock."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, url_for

from config.names import ChannelId
from scheduler.actions import crawls as action
from scheduler.actions import graphics as graphics_action
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.ids import CrawlId
from scheduler.domain.model.people import Right
from scheduler.domain.series.crawls import MOST_CRAWLS, ChannelCrawl, crawl_runs, problems
from scheduler.queries import changes, grid
from scheduler.queries import crawls as query
from scheduler.queries.crawls import SHOWN_AHEAD, CrawlsPage
from scheduler.refusals import Conflict, Refused
from web.kit.bounds import number
from web.kit.context import actor, database, done, now
from web.kit.forms import offered
from web.kit.saving import save_form
from web.settings.crawls_form import (
    DAYS,
    CrawlForm,
    HoursRow,
    filled_form,
    hours_of,
    new_form,
    rows_of,
    typed_rows,
)
from web.settings.graphics_preview import crawl_example

bp = Blueprint("crawls", __name__, url_prefix="/crawls")


@bp.get("/<channel>")
def home(channel: str) -> str:
    """List the crawls of the channel, and show the hours of its clock."""
    page = query.crawls_page(database(), ChannelId(channel), now())
    return _page(page, rows_of(page.clock_hours))


@bp.post("/<channel>/clock")
def save_clock(channel: str) -> Response | tuple[str, int]:
    """Save in which hours the clock is shown."""
    page = query.crawls_page(database(), ChannelId(channel), now())
    rows, slug = typed_rows(), page.channel.id
    try:
        hours, seen = hours_of(rows), number(request.form, "version")
        graphics_action.set_clock_hours(database(), actor(), now(), slug, hours, seen)
    except Refused as refused:
        return _page(page, rows, refused.message), 422
    except Conflict as conflict:
        return _page(page, rows, f"{conflict.message} Save again to use yours."), 422
    change = changes.latest(database(), graphics_action.CLOCK, slug)
    said = f"Changed the hours of the clock of {page.channel.name}."
    return done(said, url_for("crawls.home", channel=slug), change.id if change else None)


@bp.get("/<channel>/new")
def new(channel: str) -> str:
    """Show an empty form."""
    known = grid.channel(database(), ChannelId(channel))
    return _drawer(new_form(now().astimezone(known.tz).date()), known, None)


@bp.post("/<channel>")
def add(channel: str) -> Response | tuple[str, int]:
    """Add a crawl."""
    known, form = grid.channel(database(), ChannelId(channel)), CrawlForm()

    def act() -> Response:
        return _done("Added", action.add(database(), actor(), now(), form.draft(known.id)))

    return save_form(form, act, lambda wrong: _drawer(form, known, None, wrong))


@bp.post("/<channel>/preview")
def preview(channel: str) -> str:
    """Show the crawl as typed so far, and its coming hours; save nothing."""
    known, form = grid.channel(database(), ChannelId(channel)), CrawlForm()
    readable = form.read()
    draft = form.draft(known.id) if readable else None
    wrong = " ".join(problems(draft).values()) if draft else form.unread()
    if draft is None or wrong:
        return render_template("settings/crawl_preview.html", wrong=wrong)
    picture, lasts = crawl_example(draft, known)
    runs = crawl_runs(draft, known.tz, now(), now() + SHOWN_AHEAD)
    return render_template(
        "settings/crawl_preview.html",
        draft=draft,
        picture=picture,
        lasts=lasts,
        runs=runs,
        tz=known.tz,
    )


@bp.get("/<channel>/<crawl>")
def show(channel: str, crawl: str) -> str:
    """Show one crawl."""
    known = grid.channel(database(), ChannelId(channel))
    stored = query.crawl(database(), known.id, CrawlId(crawl))
    return _drawer(filled_form(stored), known, stored)


@bp.post("/<channel>/<crawl>")
def save(channel: str, crawl: str) -> Response | tuple[str, int]:
    """Save the crawl as typed."""
    known, form = grid.channel(database(), ChannelId(channel)), CrawlForm()
    stored = query.crawl(database(), known.id, CrawlId(crawl))

    def act() -> Response:
        draft, seen = form.draft(known.id), form.seen()
        return _done("Changed", action.edit(database(), actor(), now(), stored.id, draft, seen))

    def again(wrong: str) -> str:
        return _drawer(form, known, stored, wrong)

    return save_form(form, act, again, filled_form(stored))


@bp.post("/<channel>/<crawl>/remove")
def remove(channel: str, crawl: str) -> Response:
    """Remove the crawl."""
    stored = query.crawl(database(), ChannelId(channel), CrawlId(crawl))
    version = number(request.form, "version")
    return _done("Removed", action.remove(database(), actor(), now(), stored.id, version))


def _done(verb: str, crawl: ChannelCrawl) -> Response:
    change = changes.latest(database(), action.ENTITY, crawl.id)
    to = url_for("crawls.home", channel=crawl.draft.channel)
    said = f"{verb} the crawl {action.named(crawl.draft.text)}."
    return done(said, to, change.id if change else None)


def _page(page: CrawlsPage, rows: Sequence[HoursRow], wrong: str = "") -> str:
    return render_template(
        "settings/crawls.html",
        page=page,
        channel=page.channel,
        rows=rows,
        days=offered(DAYS),
        wrong=wrong,
        full=len(page.crawls) >= MOST_CRAWLS,
        channels=grid.channels(database()),
        may_plan=actor().may(Right.PLAN, page.channel.id),
        may_equip=actor().may(Right.EQUIP, page.channel.id),
    )


def _drawer(form: CrawlForm, channel: Channel, crawl: ChannelCrawl | None, wrong: str = "") -> str:
    if crawl is None:
        to = url_for("crawls.add", channel=channel.id)
    else:
        to = url_for("crawls.save", channel=channel.id, crawl=crawl.id)
    return render_template(
        "settings/crawl.html",
        form=form,
        channel=channel,
        crawl=crawl,
        wrong=wrong,
        action=to,
        may_plan=actor().may(Right.PLAN, channel.id),
    )
