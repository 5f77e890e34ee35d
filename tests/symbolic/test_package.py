"""What the symbolic half may import, and what its import may cost (the rules of all code are in test_architecture)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kl_engine.symbolic

SOURCES = sorted(Path(kl_engine.symbolic.__file__).parent.glob("*.py"))
ALLOWED = {"mpmath", "sympy"} | sys.stdlib_module_names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_rests_on_sympy_alone(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert all(name.startswith("kl_engine.symbolic") or name.split(".")[0] in ALLOWED for name in names)


def test_importing_builds_nothing():
    code = "from kl_engine.symbolic import DERIVATIONS; print(len(DERIVATIONS._built), len(DERIVATIONS.subjects))"
    root = Path(kl_engine.symbolic.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == ["0", "10"]
