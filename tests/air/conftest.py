"""Airings that several modules judge, each aired once."""

import pytest
from support.captured_airing import CapturedAiring
from support.reel import Reel, air_mixed, air_reel


@pytest.fixture(scope="session")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Reel:
    return air_reel(tmp_path_factory.mktemp("reel"))


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> CapturedAiring:
    return air_mixed(tmp_path_factory.mktemp("mixed"))
