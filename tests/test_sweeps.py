"""What the suite takes of a sweep, and that the command for the whole of them knows every file that has one."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests import sweeps
from tests.bench.sweeps import files
from tests.serving import ROOT
from tests.sweeps import part

BENCH = ROOT / "tests" / "bench" / "sweeps.py"


@pytest.mark.parametrize("count", [0, 1, 2, 7, 50])
@pytest.mark.parametrize("most", [1, 2, 3, 8])
def test_a_part_is_in_order_and_spread_and_holds_every_kind(count, most):
    cases = list(range(count))
    found = part(cases, most, lambda case: case // 10, lambda case: case % 3, whole=False)
    assert found == sorted(set(found)) and set(found) <= set(cases)
    assert len(found) >= min(count, most) and (count > most or found == cases)
    assert {case // 10 for case in found} == {case // 10 for case in cases}
    assert {case % 3 for case in found} == {case % 3 for case in cases}
    assert not cases or found[0] == 0 and (most == 1 or found[-1] == cases[-1])
    assert part(cases, most, whole=True) == cases


def test_its_example():
    assert doctest.testmod(sweeps).failed == 0


def test_the_command_for_the_whole_knows_every_file_that_takes_a_part():
    paths = [path for path in (ROOT / "tests").rglob("*.py") if path not in (BENCH, Path(__file__))]
    taking = {path for path in paths if "from tests.sweeps import" in path.read_text("utf-8")}
    assert taking == set(files()) and taking
