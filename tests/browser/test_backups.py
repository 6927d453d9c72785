"""The page of backups in a real browser: a failure is read, and a backup asked for by keyboard."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.axe import findings, overflow_findings, require_axe

from scheduler.actions import alerts
from scheduler.backup.folder import initialise
from scheduler.backup.last import LastBackup, write_last
from scheduler.reading.pulse import SCHEDULER
from web.kit.context import SERVICES_KEY
from web.settings.backups import folder_look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("page", [(390, 844, "light")], indirect=True)
def test_a_backup_is_asked_for_by_keyboard_and_the_page_shows_when_it_is_done(
    page: Page, served: Any, tmp_path: Path
) -> None:
    require_axe()
    services = served.app.extensions[SERVICES_KEY]
    root, data = initialise(tmp_path / "backups").root, services.settings.data_dir
    given = services.settings.model_copy(update={"backup_folder": root})
    object.__setattr__(services, "settings", given)
    object.__setattr__(services, "backups", folder_look(root, services.clock))
    now = services.clock.utc()
    alerts.pulse(served.db, SCHEDULER, now)
    write_last(data, LastBackup(now, "The disk is full. Use a larger one.", now, "a", 10**9, 3))
    page.goto("/settings/backup")
    expect(page.get_by_role("alert").get_by_text("The disk is full.")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    button = page.get_by_role("button", name="Back up now")
    button.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("It begins within seconds.")).to_be_visible()
    assert findings(page) + overflow_findings(page) == []
    done = services.clock.utc()
    write_last(data, LastBackup(done, "", done, "b", 10**9, 3))
    expect(button).to_be_visible()
    expect(page.get_by_text("The disk is full.")).to_have_count(0)
