"""Clips of many kinds, made once for the whole run."""

from fractions import Fraction

import pytest
from support.clips import mixed_clips, numbered_clip, phone_times


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Make the dozen mixed clips, two seconds each; map their names to Clips."""
    return {clip.path.name: clip for clip in mixed_clips(tmp_path_factory.mktemp("clips"), 2)}


@pytest.fixture(scope="session")
def phone(tmp_path_factory):
    path = tmp_path_factory.mktemp("phone") / "phone.mp4"
    return numbered_clip(path, rate=Fraction(30), times=phone_times(90), frames=90, ident=77)
