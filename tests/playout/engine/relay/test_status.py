"""The status that the relay writes each second."""

import json

from playout.engine.relay.status import RECENT_SECONDS, StatusHistory, status_text


def test_what_came_in_the_last_ten_seconds_is_recent() -> None:
    history = StatusHistory()
    tell = []
    for second in range(30):
        counts = {"dropped": 5 if second >= 10 else 0}
        text = status_text({"rate": 1}, counts, {2: 7 * (second >= 12)}, {}, history)
        tell.append(json.loads(text))

    recent = [one["recent"]["dropped"] for one in tell]
    assert recent == [0] * 10 + [5] * RECENT_SECONDS + [0] * 10
    assert tell[12]["targets"] == {"2": {"dropped": 7, "recent": 7}}
    assert tell[29]["targets"] == {"2": {"dropped": 7, "recent": 0}}


def test_a_target_that_is_closed_has_its_reason() -> None:
    text = status_text({}, {}, {}, {1: "No such device"}, StatusHistory())

    assert json.loads(text)["closed"] == {"1": "No such device"}
