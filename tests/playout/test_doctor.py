"""The doctor says what is wrong in words, and never falls ill itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.clock import SimulatedClock
from config.settings import ChannelSettings, Settings
from playout import doctor
from playout.doctor import run_doctor

CLOCK = SimulatedClock(datetime(2026, 11, 20, tzinfo=UTC))


def settings(folder: Path, **rest: object) -> Settings:
    return Settings(data_dir=folder, server_url="http://127.0.0.1:9", **rest)  # type: ignore[arg-type]


def test_a_bare_machine_is_told_each_thing_to_do(tmp_path: Path) -> None:
    findings = run_doctor(settings(tmp_path), CLOCK)
    wrong = {finding.text for finding in findings if finding.grade == "wrong"}

    assert {"This machine has no host key.", "No channel is set up on this machine."} <= wrong
    assert all(finding.mend for finding in findings if finding.grade == "wrong")


def test_a_silent_server_is_a_note_because_air_goes_on(tmp_path: Path) -> None:
    channel = ChannelSettings(outputs=("udp://239.1.1.1:5000",))
    made = settings(tmp_path, host_key=SecretStr("k"), channels={"ch13": channel})
    findings = {finding.text: finding for finding in run_doctor(made, CLOCK)}

    (silent,) = (f for text, f in findings.items() if "does not answer" in text)
    assert silent.grade == "note"
    assert findings["ch13 has no plan on this machine yet."].grade == "note"


def test_a_check_that_fails_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ill() -> list[doctor.Finding]:
        raise RuntimeError("no such call")

    monkeypatch.setattr(doctor, "_libvlc", ill)
    findings = run_doctor(settings(tmp_path), CLOCK)

    assert any("no such call" in finding.text for finding in findings)
    assert len(findings) > 5
