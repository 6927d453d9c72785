"""The process of one target: its address from the settings, its bytes from the relay."""

from config.settings import load_settings
from config.targetaddress import FileTarget
from config.targetgrammar import read
from playout.engine.targets.file import write_file


def run_target(handle: int, channel: str, number: int) -> None:
    """Run the target that stands at place `number` of the channel's outputs, from 0, until it is
    killed. `handle` is the end of the pipe from which it reads.

    Raises NotATarget and SettingsError where the settings cannot be used.
    """
    target = read(load_settings().channels[channel].outputs[number])
    if isinstance(target, FileTarget):
        write_file(handle, target.path)
