"""Playout starts, and airs, on a machine that has nothing of the web or the database."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys, threading, time
from pathlib import Path

class Blocked:
    names = {"flask", "sqlalchemy", "icalendar", "alembic", "gunicorn", "web", "scheduler"}
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ImportError(f"{name} is not to be had here")

sys.meta_path.insert(0, Blocked())
import playout.cli.main, playout.cli.operator, playout.cli.doctor, playout.processes.channel
from config.clock import SystemClock
from config.settings import ChannelSettings, Settings
from playout.host.run import run_agent
from playout.host.control_socket import ControlError, ask_agent
from playout.engine.fakes.engine import FakeEngine

folder = Path(sys.argv[1])
settings = Settings(
    data_dir=folder,
    server_url="http://127.0.0.1:9",
    channels={"ch13": ChannelSettings(format="64x36@30000/1001")},
)
engine = FakeEngine(SystemClock())
threading.Thread(
    target=run_agent, args=(settings, "ch13", engine, SystemClock()), daemon=True
).start()
for _ in range(100):
    time.sleep(0.1)
    try:
        status = ask_agent(settings.channel_dir("ch13"), verb="status")
    except ControlError:
        continue
    if status.get("cue") and status.get("serial"):
        break
print(status["channel"], status["layer"], status["problems"])
print(ask_agent(settings.channel_dir("ch13"), verb="take")["refused"])
print(ask_agent(settings.channel_dir("ch13"), verb="slate")["refused"])
for _ in range(50):
    cue = ask_agent(settings.channel_dir("ch13"), verb="status")["cue"]
    if cue.startswith("slate-"):
        break
    time.sleep(0.1)
print(cue.startswith("slate-"))
"""


def test_an_agent_airs_and_obeys_without_server_web_or_database(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    lines = ran.stdout.splitlines()

    assert ran.returncode == 0, ran.stderr
    assert lines[0].startswith("ch13 slate ['No contact with the server")
    assert lines[1:] == ["Nothing is planned to come next.", "", "True"]
