"""The five rooms are our own packages, wherever they are imported from."""

import importlib
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

ROOMS = ["config", "media", "playout", "scheduler", "web"]


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_a_package_with_a_file_and_no_namesake(room: str) -> None:
    module = importlib.import_module(room)

    assert module.__file__ is not None
    assert room not in sys.stdlib_module_names
    assert set(packages_distributions().get(room, [])) <= {"gavel"}


def test_the_rooms_are_found_from_the_root_folder_where_media_is_a_system_folder() -> None:
    code = "import config, media, playout; print(media.__file__)"

    done = subprocess.run([sys.executable, "-c", code], cwd="/", capture_output=True, text=True)

    assert done.stdout.strip().endswith("media/__init__.py"), done.stderr
