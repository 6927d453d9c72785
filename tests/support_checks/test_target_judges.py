"""The judges of targets that hang must fail on each planted fault, and on nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from soak.own_channels import named_processes
from soak.target_judge import (
    NEVER,
    Hang,
    Sample,
    ended,
    growth,
    holes,
    uncounted,
    verdict,
)
from soak.target_scene import BAD, CLEAN, Aired, Witness
from soak.test_hung_targets import TICKS, WORDS, of_accounts, of_machine_room, tail
from support.capture import CapturedPicture

from playout.engine.links.target_state import TargetState
from playout.engine.targets.sender import CHUNK_BYTES

BEGIN = 1_795_000_000.0
HANG = Hang(BEGIN + 20, BEGIN + 60)
SECOND = 200
"""Chunks that the stream has in a second."""
PROBLEM = "The stream does not reach srt://h:1: it does not answer."
PLACE = 10


def pictures(*numbers):
    """Return pictures of these (clip, number) pairs; None is one without a number."""
    made = [(None, None) if one is None else one for one in numbers]
    return [CapturedPicture(n / 30, ident, frame, 120.0) for n, (ident, frame) in enumerate(made)]


WHOLE = [None, *((1, n) for n in range(PLACE)), *((2, n) for n in range(PLACE)), (1, 0), (1, 1)]


def test_whole_items_in_turn_have_no_hole():
    assert holes(pictures(*WHOLE, None), PLACE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda all_: [*all_[:4], *all_[5:]], ["1/2, then 1/4"]),
        (lambda all_: [*all_[:4], all_[3], *all_[4:]], ["1/2, then 1/2"]),
        (lambda all_: [*all_[:10], *all_[11:]], ["1/8, then 2/0"]),
        (lambda all_: [*all_[:11], *all_[12:]], ["1/9, then 2/1"]),
        (
            lambda all_: [*all_[:4], None, *all_[5:]],
            ["1/2, then a picture without number", "a picture without number, then 1/4"],
        ),
        (lambda all_: [None, None], ["no numbered picture came"]),
    ],
)
def test_each_hole_is_named(change, said):
    assert holes(pictures(*change(WHOLE)), PLACE) == said


def test_the_end_without_a_hole_is_measured():
    lossy = [*((1, n) for n in range(5)), *((1, n) for n in range(90, 121))]

    assert tail(pictures(*lossy), TICKS) == pytest.approx(30 / 29.97, abs=0.01)
    assert tail(pictures(None, None), TICKS) == 0.0
    whole = [(1, n) for n in range(61)]
    assert tail(pictures(*whole, None), TICKS) == pytest.approx(60 / 29.97, abs=0.01)


def second(number, **state):
    """Return what is said in a second: before and after the hang all is sent, in it dropped."""
    at = BEGIN + number
    lost = max(0.0, min(at, HANG.end) - HANG.begin) * SECOND
    bad = HANG.begin <= at < HANG.end
    began = datetime.fromtimestamp(HANG.begin + 5, UTC) if bad else None
    made = TargetState(
        "srt://h:1", None, round(number * SECOND - lost) * CHUNK_BYTES, 0,
        PROBLEM if bad else "", failing_since=began,
    )  # fmt: skip
    relay = {"packets": number * SECOND * 7, "targets": {"5": {"dropped": round(lost)}}}
    return Sample(at, {6: replace(made, **state)}, relay)


def told(**planted):
    """Return the samples of 100 seconds; `planted` changes the state of some, as `s30={...}`."""
    changes = {int(name[1:]): change for name, change in planted.items()}
    return [second(n, **changes.get(n, {})) for n in range(100)]


def test_what_is_told_truly_is_good():
    found = verdict(told(), 6, HANG)

    assert (found.told_after, found.called_well, found.off_since, found.well_after) == (0, 0, 5, 0)
    assert found.words == [PROBLEM]
    assert found.counted == pytest.approx(1.0)


def test_a_hang_that_is_told_late_or_never_is_seen():
    late = told(**{f"s{n}": {"problem": ""} for n in range(20, 33)})

    assert verdict(late, 6, HANG).told_after == 13
    never = [replace(one, states={6: replace(one.states[6], problem="")}) for one in told()]
    assert verdict(never, 6, HANG).told_after == NEVER
    assert verdict(never, 6, HANG).off_since == NEVER


def test_a_state_that_calls_a_hung_target_well_between_two_tries_is_seen():
    assert verdict(told(s40={"problem": ""}, s41={"problem": ""}), 6, HANG).called_well == 2


def test_a_beginning_that_moves_with_each_try_is_seen():
    moved = datetime.fromtimestamp(HANG.begin + 31, UTC)

    assert verdict(told(s51={"failing_since": moved}), 6, HANG).off_since == 31
    assert verdict(told(s51={"failing_since": None}), 6, HANG).off_since == NEVER


def test_a_target_that_stays_bad_is_seen():
    late = told(**{f"s{n}": {"problem": PROBLEM} for n in range(60, 75)})

    assert verdict(late, 6, HANG).well_after == 15
    for_ever = told(**{f"s{n}": {"problem": PROBLEM} for n in range(60, 100)})
    assert verdict(for_ever, 6, HANG).well_after == NEVER
    again = told(s99={"problem": PROBLEM})
    assert verdict(again, 6, HANG).well_after == NEVER


def test_bytes_that_are_in_no_count_are_seen():
    assert all(abs(uncounted(one, 6)) < CHUNK_BYTES for one in told())
    silent = [replace(one, relay={**one.relay, "targets": {}}) for one in told()]
    assert uncounted(silent[59], 6) == pytest.approx(39 * SECOND * CHUNK_BYTES, rel=0.01)
    assert uncounted(replace(silent[3], states={}), 6) is None


def run_of(samples, **witness):
    return Aired(None, Witness(samples, **witness), BEGIN, HANG, BEGIN + 100, 0)


def everywhere(samples):
    """Return the samples with the same said of every target."""
    numbers = [*CLEAN, *BAD]
    return [
        replace(
            one,
            states=dict.fromkeys(numbers, one.states[6]),
            relay={
                **one.relay,
                "targets": {str(n - 1): one.relay["targets"]["5"] for n in numbers},
            },
        )
        for one in samples
    ]


def test_accounts_that_do_not_add_up_are_a_miss():
    good = everywhere(told())
    assert all(one.good for one in of_accounts(run_of(good), 2_000_000))

    lost = [replace(one, relay={**one.relay, "targets": {}}) for one in good]
    assert not any(one.good for one in of_accounts(run_of(lost), 2_000_000))
    assert not any(one.good for one in of_accounts(run_of([]), 2_000_000))


def test_memory_that_grows_and_a_process_that_ends_are_a_miss():
    flat = [(BEGIN + n, 12.0 + n % 2) for n in range(100)]
    rising = [(BEGIN + n, 12.0 + n / 10) for n in range(100)]
    assert abs(growth(flat, BEGIN, BEGIN + 100)) <= 1
    assert growth(rising, BEGIN, BEGIN + 100) == pytest.approx(6.7, abs=0.2)
    assert growth([], BEGIN, BEGIN + 100) == NEVER
    assert ended([{"relay": 1, "output 2": 2}, {"relay": 1, "output 2": 2}]) == []
    assert ended([{"relay": 1, "output 2": 2}, {"relay": 1, "output 2": 3}]) == ["output 2"]
    assert ended([{"relay": 1, "output 2": 2}, {"relay": 1}]) == ["output 2"]


def missed(**witness):
    """Return the names of the figures that are missed, with this witness changed."""
    names = {n: f"srt://{n}:1" for n in (*CLEAN, *BAD)}
    samples = [
        replace(one, states={n: replace(one.states[6], shown=names[n]) for n in names})
        for one in everywhere(told())
    ]
    said = [f"The stream does not reach {names[n]}: it does not answer." for n in BAD]
    outputs = ["stream relay", *(f"output {n}" for n in names)]
    flat = {name: [(BEGIN + n, 12.0) for n in range(100)] for name in outputs}
    given = {"memory": flat, "pids": [{"stream relay": 1}] * 3, "status": [(BEGIN + 50, said)]}
    run = run_of(samples, **(given | witness))
    return [one.name for one in of_machine_room(run) if not one.good]


def test_a_status_that_names_the_wrong_targets_is_a_miss():
    assert missed() == []
    nothing = [(BEGIN + 50, [])]
    assert missed(status=nothing) == ["bad targets that the status does not name"]
    assert missed(status=[]) == ["bad targets that the status does not name"]
    everything = [(BEGIN + 50, [f"srt://{n}:1 is bad." for n in (*CLEAN, *BAD)])]
    assert missed(status=everything) == ["good targets that the status calls bad"]
    assert missed(memory={}) == ["processes whose memory was not seen"]


def test_a_process_that_grows_or_ends_is_a_miss():
    rising = {"stream relay": [(BEGIN + n, 12.0 + n / 10) for n in range(100)]}

    assert "stream relay: grown" in missed(memory=rising)
    assert missed(pids=[{"output 2": 1}, {"output 2": 7}]) == ["processes that ended"]


def test_every_bad_target_has_words_that_must_be_told():
    assert set(WORDS) == set(BAD)


def test_processes_are_known_by_the_names_in_the_log():
    log = (
        "2026-11-30 14:10:13,215 config.supervise: stream relay started, pid 23409\n"
        "2026-11-30 14:10:13,431 config.supervise: output 2 started, pid 23417\n"
        "2026-11-30 14:10:14,000 config.supervise: output 2 ended with -9 after 1.0 s\n"
        "2026-11-30 14:10:14,431 config.supervise: output 2 started, pid 23999\n"
    )

    assert named_processes(log) == {"stream relay": 23409, "output 2": 23999}
