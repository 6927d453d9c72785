"""As-run rows: each airing gets one row, wherever the reading of the air log begins again."""

from pathlib import Path

import pytest
from support.broadcast import Machine
from support.plans import at, item, minutes, plan

CURSOR = "air.cursor"


def after_a_film(folder: Path) -> Machine:
    """Return a machine on which a film of five minutes has aired and has its row."""
    machine = Machine(folder, plan(item("film", at("2:00"), minutes(5))), at("1:59:50"))
    machine.run_until(at("2:10"))
    return machine


def test_the_place_in_the_air_log_is_kept_on_disk(tmp_path: Path) -> None:
    machine = after_a_film(tmp_path)

    assert (machine.folder / CURSOR).read_text().isdigit()
    assert len(machine.rows("film")) == 1


@pytest.mark.parametrize("damaged", ["", "half a li", "{}", None])
def test_without_a_readable_place_the_log_is_read_again_and_no_row_is_doubled(
    tmp_path: Path, damaged: str | None
) -> None:
    machine = after_a_film(tmp_path)
    if damaged is None:
        (machine.folder / CURSOR).unlink()
    else:
        (machine.folder / CURSOR).write_text(damaged)
    machine.boot()
    machine.run_for(30)

    assert len(machine.rows("film")) == 1
