"""All of the sweeps, where the suite takes a fixed part of each: every test of every file that takes one.

python -m tests.bench.sweeps [what pytest is to be told, such as -n auto or -k closed_forms]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.serving import ROOT
from tests.sweeps import VARIABLE


def files() -> list[Path]:
    """The tests that take a part of a sweep."""
    return sorted(
        path
        for path in (ROOT / "tests").rglob("test_*.py")
        if "from tests.sweeps import" in path.read_text("utf-8") and path.name != "test_sweeps.py"
    )


if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", *map(str, files()), *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, VARIABLE: "whole"}).returncode)
