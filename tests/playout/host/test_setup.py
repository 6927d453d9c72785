"""How a machine is set up, as it tells the server."""

from dataclasses import replace
from importlib.metadata import version

import pytest

from config.settings import ChannelSettings
from playout.host.setup import machine_setup, stream_words
from playout.host.status import NO_OBSERVATION
from playout.model.engine_numbers import EngineNumbers
from playout.model.machine_setup import MOST_TARGETS, TargetReached


@pytest.mark.parametrize(
    "other",
    [
        {"format": "1280x720@60000/1001"},
        {"scan": "interlaced"},
        {"coded_width": 704},
        {"video": "mpeg2"},
        {"video_kbps": 6000},
        {"audio": "ac3"},
        {"audio_kbps": 384},
        {"stream_kbps": 8000},
    ],
)
def test_machines_that_code_differently_say_different_words(other: dict[str, object]) -> None:
    usual = ChannelSettings().model_copy(update=other)
    assert stream_words(usual) != stream_words(ChannelSettings()) == stream_words(ChannelSettings())


def test_a_machine_names_its_version_and_each_target_with_whether_it_takes_the_stream() -> None:
    targets = {"udp://239.1.1.1:5000": (10, 0, True), "rtmp://video.example": (0, 4, False)}
    seen = replace(NO_OBSERVATION, numbers=EngineNumbers(targets=targets))
    told = machine_setup("720p", seen)

    assert (told.version, told.stream) == (version("gavel"), "720p")
    assert told.targets == (
        TargetReached("rtmp://video.example", False), TargetReached("udp://239.1.1.1:5000", True),
    )  # fmt: skip
    assert machine_setup("720p", None).targets == ()


def test_a_report_stays_small_with_any_number_of_targets() -> None:
    many = {f"udp://239.1.1.{n}:5000": (0, 0, True) for n in range(100)}
    seen = replace(NO_OBSERVATION, numbers=EngineNumbers(targets=many))
    assert len(machine_setup("", seen).targets) == MOST_TARGETS
