"""Each process imports no more than it needs, because air waits for its start."""

import os
import subprocess
import sys

import pytest

NEVER = {"click", "pydantic_settings", "httpx", "apscheduler", "structlog", "rich"}
"""What only the command line and the agent need."""


@pytest.mark.parametrize(
    ("module", "also"),
    [
        ("playout.engine.bus.bus", {"vlc", "av", "PIL"}),
        ("playout.engine.decks.deck", {"PIL"}),
        ("playout.engine.outputs.output", {"PIL", "pydantic"}),
        ("playout.engine.outputs.monitor", {"vlc", "av", "pydantic"}),
        ("playout.engine.relay.run", {"vlc", "av", "PIL", "numpy", "pydantic"}),
    ],
)
def test_a_child_imports_only_what_it_needs(module: str, also: set[str]) -> None:
    code = f"import sys, playout.processes.children, {module}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(ran.stdout.split()) & (NEVER | also) == set()


def test_a_supervisor_that_has_loaded_its_channel_may_still_fork() -> None:
    code = "import playout.processes.channel; from config.forked import may_fork; print(may_fork())"
    environment = {name: value for name, value in os.environ.items() if "OPENBLAS" not in name}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )

    assert ran.stdout.strip() == "True"


def test_an_agent_does_not_load_the_libraries_of_a_command_line() -> None:
    words = "from playout.processes.children import without_command_lines as without; without()\n"
    words += "import sys, playout.host.run\n"
    words += "print({'rich', 'pygments', 'click'} & sys.modules.keys())"
    ran = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
