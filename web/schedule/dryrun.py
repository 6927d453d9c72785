"""“Simulate the next 7 days”: a list of what needs attention, each with its fix."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template, url_for

from scheduler.domain.air.dry_run import DryRunFinding, FindingKind
from scheduler.domain.model.people import Right
from scheduler.queries import dryrun
from scheduler.queries.dryrun import DryRun
from web.kit import words
from web.kit.context import actor, database, now, services

bp = Blueprint("dryrun", __name__)
TROUBLE_WORDS = {
    FindingKind.GAP: "gap",
    FindingKind.MISS: "will not air",
    FindingKind.CLASH: "clash",
    FindingKind.STALE: "old bulletin",
}
OFFERED_AT_MOST = timedelta(hours=1)
"""Longest airing that the form offers for a gap."""


@dataclass(frozen=True)
class FindingLine:
    """One finding, as the page lists it."""

    when: str
    trouble: str
    light: str
    text: str
    fix: str
    to: str
    page: bool
    """True when the fix is on another page; otherwise it opens in the drawer."""


@bp.get("/dry-run")
def page() -> str:
    """Simulate every channel and report what was found and how long it took; change nothing."""
    clock = services().clock
    begun = clock.monotonic()
    runs = dryrun.simulate(database(), now())
    took = clock.monotonic() - begun
    return render_template(
        "schedule/dryrun.html",
        runs=[
            (run, [_line(one, run, now()) for one in run.found], _air_shares(run)) for run in runs
        ],
        took=took / 1e9,
    )


def _air_shares(run: DryRun) -> list[tuple[str, str]]:
    whole = (run.ends - run.starts) / timedelta(seconds=1)
    return [(name, f"{part.total_seconds() / whole:.0%}") for name, part in run.share.items()]


def _line(finding: DryRunFinding, run: DryRun, at: datetime) -> FindingLine:
    tz = run.channel.tz
    may = actor().may(Right.PLAN, run.channel.id)
    fix, to, is_page = "", "", False
    if finding.trouble is FindingKind.STALE:
        fix, to, is_page = "See the bulletins", url_for("bulletins.home"), True
    elif finding.airing and finding.other and may:
        fix, to = "Choose what happens", url_for("airings.ways", airing=finding.airing)
    elif finding.airing:
        fix, to = "Open it", url_for("airings.show", airing=finding.airing)
    elif finding.block:
        fix, to = "Open the block", url_for("blocks.show", block=finding.block)
    elif finding.until and may:
        fix, to = "Fill it", _add_address(finding, run)
    return FindingLine(
        words.when(finding.at, tz, at),
        TROUBLE_WORDS[finding.trouble],
        finding.light.value,
        finding.sentence,
        fix,
        to,
        is_page,
    )


def _add_address(finding: DryRunFinding, run: DryRun) -> str:
    assert finding.until is not None
    local = finding.at.astimezone(run.channel.tz)
    minutes = int(min(finding.until - finding.at, OFFERED_AT_MOST) / timedelta(minutes=1))
    return url_for(
        "airings.new",
        channel=run.channel.id,
        day=local.date(),
        at=local.time().isoformat("minutes"),
        minutes=max(minutes, 1),
    )
