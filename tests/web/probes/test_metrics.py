"""What Prometheus reads, by its own parser, and who may read it."""

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from support.desk import ADMIN, CH13, NOW, an_asset
from support.website import Site

from config.names import ChannelId, Revision
from config.settings import Settings, SettingsError
from playout.alerts.conditions import Condition
from playout.model.wire import Report, Status
from scheduler.actions import alerts, media, reports
from scheduler.db.store import Database
from scheduler.domain.model.people import Role
from scheduler.process.publish import publish_all
from scheduler.reading.pulse import SCHEDULER
from web.kit.context import SERVICES_KEY
from web.probes.metrics import metrics_look
from web.probes.token import metrics_token

TOKEN = "canary-token-4711"
ASKED = {"Authorization": f"Bearer {TOKEN}"}
Numbers = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def open_site(site: Site) -> Site:
    """Give the site a token."""
    object.__setattr__(site.app.extensions[SERVICES_KEY], "metrics_token", TOKEN)
    return site


def scraped(site: Site) -> Numbers:
    """Return every number of a scrape, as Prometheus's own parser reads it."""
    site.clock.advance(timedelta(seconds=2))
    answer = site.visitor().get("/metrics", headers=ASKED)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(numbers: Numbers, name: str, **labels: str) -> float | None:
    return numbers.get((name, tuple(sorted(labels.items()))))


def heard(site: Site, channel: ChannelId, revision: int | None) -> None:
    status = Status(
        channel=channel, host="secret-machine", at=NOW, tick=9000, layer="deck", cue=None,
        item=None, title="Film", started=NOW, ends=None, offset=0.0,
        revision=Revision(revision) if revision else None, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, disk_free=200 * 1000**3,
    )  # fmt: skip
    reports.accept_report(site.db, channel, Report(status), site.clock.utc())


def test_a_scrape_tells_channels_alerts_jobs_and_disks(open_site: Site) -> None:
    site = open_site
    alerts.pulse(site.db, SCHEDULER, NOW)
    [newest] = {publish_all(site.db, NOW)[CH13]}
    heard(site, CH13, newest)
    an_asset(site.db)
    media.register(site.db, ADMIN, NOW, "w.upload", "w.mp4", "Waits")
    for before in (timedelta(minutes=1), timedelta(0)):
        alerts.observe(
            site.db, Condition.DISK, holds=True, at=NOW - before, reporter="test",
            detail="a secret", subject="server",
        )  # fmt: skip

    numbers = scraped(site)

    assert of(numbers, "gavel_database_up") == 1
    assert of(numbers, "gavel_ready") == 1
    assert of(numbers, "gavel_scheduler_seconds_since_pulse") == 2
    assert of(numbers, "gavel_alerts_open", condition="disk", channel="") == 1
    assert of(numbers, "gavel_jobs", state="waiting") == 1
    assert of(numbers, "gavel_jobs", state="failed") == 0
    assert (of(numbers, "gavel_disk_free_bytes", folder="data") or 0) > 0
    for channel, on_air, expected, held in (("ch13", 1, 1, newest), ("ch14", 0, 0, 0)):
        told = {
            key: of(numbers, f"gavel_channel_{key}", channel=channel)
            for key in ("on_air", "expected_on_air", "plan_revision_held", "plan_current")
        }
        assert list(told.values()) == [on_air, expected, held, expected]
    assert of(numbers, "gavel_channel_plan_revision_published", channel="ch13") == newest
    assert of(numbers, "gavel_channel_host_seconds_since_heard", channel="ch13") == 2
    assert of(numbers, "gavel_channel_host_seconds_since_heard", channel="ch14") is None
    assert "secret" not in str(numbers)


def test_without_a_database_a_scrape_still_tells_the_disk(
    open_site: Site, sqlite_db: Database
) -> None:
    services = open_site.app.extensions[SERVICES_KEY]
    object.__setattr__(services, "metrics", metrics_look(sqlite_db, open_site.clock, 30))
    Path(str(sqlite_db.engine.url.database)).unlink()

    numbers = scraped(open_site)

    assert of(numbers, "gavel_database_up") == 0
    assert (of(numbers, "gavel_disk_free_bytes", folder="data") or 0) > 0
    assert of(numbers, "gavel_ready") is None


def test_metrics_are_closed_until_a_token_is_set_and_say_so(site: Site) -> None:
    for browser in (site.visitor(), site.browser(Role.ADMINISTRATOR)):
        answer = browser.get("/metrics", headers=ASKED)
        assert answer.status_code == 403
        assert "metrics_token_file" in answer.text


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer é"])
def test_only_the_token_opens_metrics(open_site: Site, given: str) -> None:
    headers = {"Authorization": given.encode().decode("latin-1")} if given else {}
    answer = open_site.visitor().get("/metrics", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in answer.text and "gavel_" not in answer.text


def test_the_token_is_read_from_its_file_and_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    settings = Settings(metrics_token_file=file)
    assert metrics_token(settings) == TOKEN
    assert TOKEN not in repr(Settings(metrics_token=SecretStr(TOKEN)))
    assert metrics_token(Settings()) == ""
    for content, words in ((b"", "empty"), (b"short", "16"), (b"\xff" * 20, "cannot read")):
        file.write_bytes(content)
        with pytest.raises(SettingsError, match=f"metrics_token_file.*{words}"):
            metrics_token(settings)
    file.unlink()
    with pytest.raises(SettingsError, match="metrics_token_file.*cannot read"):
        metrics_token(settings)
