"""The doctor reports what is wrong in words, and never fails itself."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from support.music import write_song

from config.clock import SimulatedClock
from config.finding import MachineFinding
from config.settings import ChannelSettings, Settings
from config.sizes import GIGABYTE
from config.targetgrammar import read
from playout.cli import doctor, doctor_outputs
from playout.cli.doctor import run_doctor
from playout.engine.links.target_state import TargetState, state_file

CLOCK = SimulatedClock(datetime(2026, 11, 20, tzinfo=UTC))


def settings(folder: Path, **rest: object) -> Settings:
    return Settings(data_dir=folder, server_url="http://127.0.0.1:9", **rest)  # type: ignore[arg-type]


def test_a_bare_machine_gets_one_finding_for_each_missing_thing(tmp_path: Path) -> None:
    findings = run_doctor(settings(tmp_path), CLOCK)
    wrong = {finding.text for finding in findings if finding.grade == "wrong"}

    assert {"This machine has no host key.", "No channel is set up on this machine."} <= wrong
    assert all(finding.mend for finding in findings if finding.grade == "wrong")


def test_a_silent_server_is_only_a_note(tmp_path: Path) -> None:
    channel = ChannelSettings(outputs=("udp://239.1.1.1:5000",))
    made = settings(tmp_path, host_key=SecretStr("k"), channels={"ch13": channel})
    findings = {finding.text: finding for finding in run_doctor(made, CLOCK)}

    (silent,) = (f for text, f in findings.items() if "does not answer" in text)
    assert silent.grade == "note"
    assert findings["ch13 has no plan on this machine yet."].grade == "note"


def test_a_check_that_fails_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ill() -> list[MachineFinding]:
        raise RuntimeError("no such call")

    monkeypatch.setattr(doctor, "_libvlc", ill)
    findings = run_doctor(settings(tmp_path), CLOCK)

    assert any("no such call" in finding.text for finding in findings)
    assert len(findings) > 5


def test_music_that_cannot_play_is_told(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("good", "mixed", "bad", "absent")]
    for folder in folders[:3]:
        folder.mkdir()
    for folder in folders[:2]:
        write_song(folder / "a.wav", 0.5, 500.0, -20.0)
    for folder in folders[1:3]:
        (folder / "notes.txt").write_text("no music")
    channels = {folder.name: ChannelSettings(music=folder) for folder in folders}
    findings = run_doctor(settings(tmp_path, channels=channels), CLOCK)
    told = [finding for finding in findings if finding.text.startswith("Music of")]

    assert [finding.grade for finding in told] == ["good", "note", "wrong", "wrong"]
    assert f"1 of 2 files in {folders[1]} can play" in told[1].text


def test_a_speech_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    made = settings(tmp_path, speech_model=tmp_path / "none")
    found = [one for one in run_doctor(made, CLOCK) if "speech model" in one.text]

    assert [(one.grade, "Name the folder" in one.mend) for one in found] == [("wrong", True)]


def test_every_output_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    outputs = ("udp://239.1.1.1:5000", "http://x", "screen", f"{tmp_path}/none/a.ts")
    channel = ChannelSettings(outputs=outputs)
    made = settings(tmp_path, host_key=SecretStr("k"), channels={"ch13": channel})
    found = {finding.text: finding for finding in run_doctor(made, CLOCK)}

    assert found["ch13, output 1 goes to udp://239.1.1.1:5000."].grade == "good"
    wrong = [text for text, one in found.items() if one.grade == "wrong" and "ch13" in text]
    assert any("not a target" in text for text in wrong)
    assert any("X display of this session cannot be opened" in text for text in wrong)
    assert f"ch13, output 4: the folder {tmp_path}/none cannot be written." in wrong
    assert len(wrong) == 3


def test_a_target_that_does_not_take_the_stream_is_reported_without_its_secret(
    tmp_path: Path,
) -> None:
    outputs = ("srt://10.0.0.5:9000?passphrase=correct-horse", "srt://:9001")
    made = settings(tmp_path, channels={"ch13": ChannelSettings(outputs=outputs)})
    said = ("The stream does not reach srt://10.0.0.5:9000: it does not answer.", "")
    for number, problem in enumerate(said):
        path = state_file(made.channel_dir("ch13"), number)
        path.parent.mkdir(parents=True, exist_ok=True)
        shown = read(outputs[number]).shown
        note = "" if problem else "No receiver is connected."
        path.write_bytes(TargetState(shown, problem=problem, note=note).to_json())
        os.utime(path, (CLOCK.utc().timestamp(),) * 2)
    found = {one.text: one.grade for one in run_doctor(made, CLOCK)}

    assert found[f"ch13, output 1: {said[0]}"] == "wrong"
    listens = "ch13, output 2 goes to srt://:9001?mode=listener. No receiver is connected."
    assert found[listens] == "good"
    assert not any("correct-horse" in text for text in found)


def test_since_when_a_target_fails_and_what_was_dropped_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_outputs, "machine_zone", lambda: ZoneInfo("America/New_York"))
    made = settings(tmp_path, channels={"ch13": ChannelSettings(outputs=("srt://10.0.0.5:9000",))})
    path = state_file(made.channel_dir("ch13"), 0)
    path.parent.mkdir(parents=True)
    since = datetime(2026, 3, 1, 12, tzinfo=UTC)
    problem = "The stream does not reach srt://10.0.0.5:9000: it does not answer."
    state = TargetState("srt://10.0.0.5:9000", None, 5, 25_000_000, problem, failing_since=since)
    path.write_bytes(state.to_json())
    os.utime(path, (CLOCK.utc().timestamp(),) * 2)

    said = f"{problem} That began at 07:00:00 EST. Dropped so far: 25 MB."
    assert f"ch13, output 1: {said}" in {one.text for one in run_doctor(made, CLOCK)}


@pytest.mark.parametrize(
    ("free", "grade", "said"),
    [
        (900, "good", "900 GB free for data"),
        (4, "wrong", "Only 4 GB free for data"),
        (0.25, "wrong", "Only 250 MB free for data"),
        (0.0005, "wrong", "The disk for data in {folder} is full."),
    ],
)
def test_free_room_never_rounds_to_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, grade: str, said: str
) -> None:
    has_left(monkeypatch, lambda _: free)
    found = run_doctor(settings(tmp_path), CLOCK)

    said = said.format(folder=tmp_path)
    assert [one.grade for one in found if one.text.startswith(said)] == [grade]


def test_a_channel_folder_on_its_own_full_disk_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = settings(tmp_path).channel_dir("ch13")
    own.mkdir(parents=True)
    has_left(monkeypatch, lambda place: 0 if place == own else 900)
    devices = {own: 77}
    real = Path.stat

    def stat(place: Path, **how: bool) -> os.stat_result:
        found = [*real(place, **how)]
        found[2] = devices.get(place, found[2])
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)
    channels = {name: ChannelSettings(outputs=("udp://239.1.1.1:5000",)) for name in ("ch13", "b")}
    found = run_doctor(settings(tmp_path, channels=channels), CLOCK)

    texts = {one.text: one.grade for one in found if f" in {tmp_path}" in one.text}
    assert texts.pop(f"The disk for channel ch13 in {own} is full.") == "wrong"
    assert [*texts.values()] == ["good", "good"]


def has_left(monkeypatch: pytest.MonkeyPatch, gigabytes: Callable[[Path], float]) -> None:
    """Let each disk have this much room."""

    def usage(place: Path) -> SimpleNamespace:
        free = round(gigabytes(place) * GIGABYTE)
        return SimpleNamespace(total=1000 * GIGABYTE, free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
