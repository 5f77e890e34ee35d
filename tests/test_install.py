"""The engine as a package: built from a copy, installed into an empty environment elsewhere, used by README's lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import kl_engine

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "kl_engine"
LEFT_BEHIND = ("__pycache__", "build", "dist", "*.egg-info")
BINARIES = {"numpy", "numpy.libs", "scipy", "scipy.libs"}  # the folders of what the engine rests on


def run(*command: object, **options) -> str:
    """What a command prints; AssertionError with all it said where it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built without a network from a copy, as a build may write beside what it builds."""
    folder = tmp_path_factory.mktemp("build")
    copy = shutil.copytree(ENGINE, folder / "kl_engine", ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(*pip, "--wheel-dir", folder / "out", copy, cwd=folder)
    (found,) = (folder / "out").iterdir()
    return found


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """The interpreter of an environment that holds the wheel, NumPy and SciPy, and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "env")
    python = folder / "env" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    only = folder / "only"
    only.mkdir()
    for package in BINARIES:
        held = Path(kl_engine.alpha_divergence.__globals__["np"].__file__).parent.parent / package
        if held.exists():
            (only / package).symlink_to(held)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    (site / "only.pth").write_text(f"{only}\n")
    return python


def outside(python: Path, code: str) -> str:
    """What the code prints there, run in another folder and with nothing of this environment's."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return run(python, "-c", code, cwd=python.parent, env=clean)


def test_the_wheel_holds_every_file_of_the_engine_and_nothing_else(wheel):
    assert wheel.name == f"kl_engine-{kl_engine.__version__}-py3-none-any.whl"
    names = set(zipfile.ZipFile(wheel).namelist())
    held = {name for name in names if ".dist-info/" not in name}
    files = {f"kl_engine/{path.relative_to(ENGINE)}" for path in ENGINE.rglob("*") if path.is_file()}
    left = re.compile(r"__pycache__|^kl_engine/(build|dist)/|\.egg-info/")
    assert held == {name for name in files if not left.search(name)} - {"kl_engine/pyproject.toml"}
    assert "kl_engine/py.typed" in held
    folders = {Path(name).parent for name in held if name.endswith(".py")}
    assert all(f"{folder}/__init__.py" in held for folder in folders)


def test_it_asks_for_what_the_app_asks_for():
    project = tomllib.loads((ENGINE / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {*project["dependencies"], *project["optional-dependencies"]["symbolic"]}
    app = set((ROOT / "requirements.txt").read_text("utf-8").split())
    assert asked == {line for line in app if re.match("numpy|scipy|sympy", line)}


def test_it_is_found_elsewhere_and_says_its_version(python):
    code = "import kl_engine, importlib.metadata as m; print(kl_engine.__file__, m.version('kl-engine'))"
    file, version = outside(python, code).split()
    assert str(ROOT) not in file and version == kl_engine.__version__


def test_the_readmes_lines_say_there_what_they_say(python):
    """Each `print(…)` of README's first block of Python prints what stands in the comment behind it."""
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[1]
    said = re.findall(r"^print\(.*\)  # (\S+)", block, re.MULTILINE)
    assert said and [line.split()[0] for line in outside(python, block).splitlines()] == said


def test_without_sympy_it_says_what_to_install(python):
    code = """
import kl_engine as kl
for use in (lambda: kl.symbolic.check_formula("x"), lambda: kl.symbolic.DERIVATIONS):
    try:
        use()
    except (AttributeError, ModuleNotFoundError) as error:
        print(error)
"""
    assert outside(python, code).count("kl-engine[symbolic]") == 2


def test_every_module_that_needs_no_sympy_is_imported_there(python):
    code = """
import importlib, pkgutil, kl_engine
for module in pkgutil.walk_packages(kl_engine.__path__, "kl_engine."):
    if not module.name.startswith("kl_engine.symbolic"):
        importlib.import_module(module.name)
print("all")
"""
    assert outside(python, code) == "all\n"
