"""What a visitor of the repository reads: short, its links lead somewhere, and its commands are those that are run."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from pages.ui.frame.shell import PAGES

ROOT = Path(__file__).parent.parent
PAPERS = [ROOT / "README.md", *sorted((ROOT / ".github").glob("*.md"))]
SCREEN = 50  # lines


def test_the_readme_is_one_screen():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= SCREEN


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_to_files(paper):
    text = paper.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")]
    assert not [link for link in links if not (paper.parent / link).exists()]


def test_every_path_that_is_named_is_there():
    """Paths in back quotes, of the folders of this repository; `<address>` and `*` stand for any name."""
    named = {
        path
        for paper in PAPERS
        for path in re.findall(r"`((?:kl_engine|pages|tests|\.ci|\.github)/[\w./<>*-]*)`", paper.read_text("utf-8"))
    }
    missing = [path for path in named if not list(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))]
    assert named and not missing


def test_every_module_that_is_to_be_run_is_there():
    modules = {name for paper in PAPERS for name in re.findall(r"python -m (tests[\w.]*)", paper.read_text("utf-8"))}
    places = {name: ROOT / name.replace(".", "/") for name in modules}
    assert modules and all(at.with_suffix(".py").exists() or (at / "__main__.py").exists() for at in places.values())


def test_the_lowest_versions_are_those_that_requirements_allow():
    found = subprocess.run([ROOT / ".ci" / "lowest"], capture_output=True, text=True, check=True).stdout.split()
    allowed = (ROOT / "requirements.txt").read_text("utf-8").split()
    assert found == [re.sub(r">=([\d.]+),.*", r"==\1", line) for line in allowed]


def test_the_workflow_runs_the_oldest_python_the_newest_and_the_lowest_versions():
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")
    oldest = tomllib.loads((ROOT / "kl_engine" / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    runs = re.findall(r'python: "([\d.x]+)", versions: (\w+)', workflow)
    assert runs == [(oldest.removeprefix(">="), "newest"), ("3.x", "newest"), (oldest.removeprefix(">="), "lowest")]
    assert ".ci/lowest" in workflow and "- run: .ci/run" in workflow
    assert f"Python {oldest.removeprefix('>=')} or newer" in (ROOT / "README.md").read_text("utf-8")


def test_the_forms_ask_for_what_a_report_needs():
    forms = {path.stem: path.read_text("utf-8") for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")}
    assert "id: link" in forms["number"] and "id: text" in forms["formula"]
    assert all(not re.search(r"^\s*\t", text, re.MULTILINE) for text in forms.values())


def test_the_form_of_a_text_names_pages_as_they_are_called():
    form = (ROOT / ".github" / "ISSUE_TEMPLATE" / "formula.yml").read_text("utf-8")
    places = [place.strip(' "') for place in re.search(r"options: \[(.*)\]", form)[1].split(",")]
    assert places[-1] == "the engine" and set(places[:-1]) <= {page.title for page in PAGES}
