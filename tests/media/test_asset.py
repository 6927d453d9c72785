"""Facts survive JSON, and the verdict says in words what staff need."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from pydantic import ValidationError

from media.asset import FACTS, Problem, gain_for, verdict
from media.fake import A_FILE


def test_facts_come_back_from_json_as_they_were():
    facts = replace(A_FILE, problems=(Problem("note", "It has several sound tracks."),), hdr="hlg")
    assert FACTS.validate_json(FACTS.dump_json(facts)) == facts


def test_an_unknown_field_is_refused():
    text = FACTS.dump_json(A_FILE).decode().replace('"suffix"', '"colour":"red","suffix"')
    with pytest.raises(ValidationError):
        FACTS.validate_json(text)


@pytest.mark.parametrize(
    ("loudness", "gain"), [(None, 0.0), (-24.0, 0.0), (-30.0, 6.0), (-60.0, 12.0), (-3.0, -12.0)]
)
def test_gain_brings_toward_the_target_within_bounds(loudness, gain):
    assert gain_for(loudness) == gain


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({}, "Ready for air: 1 min, 1280x720, 29.97 frames a second, stereo."),
        (
            {"channels": 1, "rate": Fraction(25)},
            "Ready for air: 1 min, 1280x720, 25 frames a second, mono.",
        ),
        ({"has_sound": False}, "Ready for air: 1 min, 1280x720, 29.97 frames a second, no sound."),
        (
            {"has_picture": False, "rate": None, "channels": 6},
            "Ready for air: 1 min, sound only, 6 channels of sound.",
        ),
        ({"length": timedelta(0), "rate": None}, "Ready for air: a still picture, 1280x720."),
        (
            {"problems": (Problem("warning", "It has no sound."),)},
            "Can go on air, with a warning: 1 min, 1280x720, 29.97 frames a second, stereo.",
        ),
        (
            {"problems": (Problem("note", "n."), Problem("refused", "Much is damaged."))},
            "Cannot go on air: Much is damaged.",
        ),
    ],
)  # fmt: skip
def test_the_verdict_is_one_plain_line(changes, summary):
    judged = verdict(replace(A_FILE, **changes))
    assert judged.summary == summary
    assert judged.fit == (not summary.startswith("Cannot"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"variable_rate": True}, "its frame rate varies"),
        ({"hdr": "pq"}, "it is high dynamic range"),
        ({"width": 3840, "height": 2160}, "its picture is larger than 1920 by 1080"),
        ({"rotation": 90}, "it is stored sideways"),
        ({"decode_speed": 1.9}, "it is too slow to decode"),
        ({"changing": True}, "its picture changes size partway through"),
    ],
)
def test_each_reason_for_a_house_copy_is_stated(changes, reason):
    assert A_FILE.house_reasons == ()
    assert replace(A_FILE, **changes).house_reasons == (reason,)
