"""The doctor on a channel of two machines."""

from pathlib import Path
from typing import Any

import pytest

from config.pair_settings import PairSettings
from config.settings import ChannelSettings, Settings
from playout.cli.doctor_pair import pair_findings
from playout.host.control_socket import ControlError

WELL = {
    "state": "standing by", "why": "It has just started.", "peer_heard": 0.1,
    "witness_heard": 0.2, "clock_difference": -0.0004, "not_ready": [],
}  # fmt: skip

MULTICAST = "udp://239.1.1.1:5000"


def findings(over: dict[str, Any] | None, **pair: str) -> list[tuple[str, str]]:
    """Grade and text of each finding; `over` changes a status in which all is well."""
    given = {"name": "a", "listen": "10.0.0.11:1", "peer": "10.0.0.12:1", "key": "k" * 20}
    channel = ChannelSettings(outputs=[MULTICAST], pair=PairSettings(**{**given, **pair}))  # type: ignore[arg-type]
    settings = Settings(channels={"ch13": channel})

    def ask(folder: Path) -> dict[str, Any]:
        if over is None:
            raise ControlError("off")
        return {"pair": {**WELL, **over}} if over != {"pair": None} else {"pair": None}

    return [(one.grade, one.text) for one in pair_findings(settings, ask)]


def test_a_channel_of_one_machine_is_not_looked_at() -> None:
    assert pair_findings(Settings(channels={"ch13": ChannelSettings()})) == []


def test_where_all_is_well_the_state_and_the_clocks_are_told() -> None:
    assert findings({}) == [
        ("good", "ch13: this machine is standing by. It has just started."),
        ("good", "ch13: the two machines' clocks differ by 0.4 ms."),
    ]


@pytest.mark.parametrize(
    ("over", "pair", "words"),
    [
        ({"peer_heard": -1.0}, {}, "the other machine is not heard"),
        ({"peer_heard": 9.0}, {}, "the other machine is not heard"),
        ({"witness_heard": -1.0}, {}, "the server does not vote"),
        ({"not_ready": ["It has no plan."]}, {}, "not ready for a change. It has no plan."),
        ({"pair": None}, {}, "link to the other machine does not run"),
        ({}, {"key": "short"}, "at least 16 characters"),
        ({}, {"peer": "10.0.0.11:1"}, "both machines have one address"),
    ],
)
def test_each_fault_is_named(over: dict[str, Any], pair: dict[str, str], words: str) -> None:
    wrong = [text for grade, text in findings(over, **pair) if grade == "wrong"]

    assert len(wrong) == 1 and words in wrong[0]


def test_what_cannot_be_known_or_is_meant_so_is_a_note() -> None:
    assert [grade for grade, _ in findings(None)] == ["note"]
    assert ("note", findings({}, when_alone="continue")[0][1]) == findings(
        {}, when_alone="continue"
    )[0]


@pytest.mark.parametrize(
    ("outputs", "watched", "words"),
    [
        ([MULTICAST], True, []),
        (["udp://10.0.0.9:5000", MULTICAST], True, []),
        (["udp://10.0.0.9:5000", "srt://10.0.0.9:5000"], True, ["no output is a multicast"]),
        ([MULTICAST], False, ["no watcher looks at what leaves"]),
    ],
)
def test_a_standby_that_cannot_see_the_other_output_is_told_so(
    outputs: list[str], watched: bool, words: list[str]
) -> None:
    pair = PairSettings(name="a", listen="10.0.0.11:1", peer="10.0.0.12:1", key="k" * 20)  # type: ignore[arg-type]
    channel = ChannelSettings(outputs=outputs, pair=pair, watch_output=watched)
    found = pair_findings(Settings(channels={"ch13": channel}), lambda _: {"pair": WELL})
    notes = [one.text for one in found if one.grade == "note"]

    assert len(notes) == len(words)
    assert all(word in note for word, note in zip(words, notes, strict=True))
