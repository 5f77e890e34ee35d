"""What is taken away from the explorer and the checker: LaTeX that is whole, Python that runs and gives the numbers."""

import re
import shutil
import subprocess

import numpy as np
import pytest

from kl_engine import Gaussian, kl_divergence
from kl_engine.symbolic import DERIVATIONS
from kl_engine.symbolic.explore.exploration import explore
from kl_engine.symbolic.explore.explore import forms_of
from kl_engine.symbolic.recognise.formula_check import check_formula
from kl_engine.symbolic.recognise.sayings.formula_export import canonical, report, to_python
from kl_engine.symbolic.recognise.sayings.report import Part, Report
from tests.cases_pasted import FORWARD, REVERSE

CHECKED = (*FORWARD[:4], *REVERSE[:3], "log(s2/s1) + (s1 + (m1 - m2)**2)/(2*s2) - 1/2", "log(s2 - s1) + m1",
           r"\frac{\lambda_q}{2\lambda_p} - \ln\lambda_p")  # fmt: skip


def _run(source: str) -> dict:
    """The module as it stands, run in a fresh name space; its prints go nowhere."""
    space = {"print": lambda *values: None}
    exec(compile(source, "taken", "exec"), space)
    return space


def _is_whole(source: str) -> None:
    assert source.isascii()
    assert source.startswith(r"\documentclass") and source.endswith("\\end{document}\n")
    bare = re.sub(r"\\[{}]", "", source)
    assert bare.count("{") == bare.count("}")
    assert source.count("$") % 2 == 0


@pytest.mark.parametrize("text", CHECKED)
def test_a_check_as_latex_and_markdown(text):
    check = check_formula(text)
    found = report(check)
    _is_whole(found.to_latex())
    markdown = found.to_markdown()
    assert markdown.count("$$\n") % 2 == 0 and check.latex in markdown
    assert all(form in markdown for form in canonical(check))


@pytest.mark.parametrize("text", CHECKED)
def test_a_check_as_python(text):
    check = check_formula(text)
    space = _run(to_python(check) if check.comparison.value is not None else to_python(check).rsplit("print(f", 1)[0])
    symbols, place = dict(check.comparison.symbols), dict(check.comparison.parameters)
    if check.comparison.value is not None:
        renamed = {("lambda_" if name == "lambda" else name): number for name, number in symbols.items()}
        assert space["formula"](**renamed) == pytest.approx(check.comparison.value, rel=1e-12, abs=1e-13)
    p, q = (Gaussian(place[f"mu_{role}"], place[f"sigma_{role}"]) for role in "pq")
    assert space["forward_kl"](**place) == pytest.approx(kl_divergence(p, q).value, abs=1e-12)
    assert space["reverse_kl"](**place) == pytest.approx(kl_divergence(q, p).value, abs=1e-12)


EXPLORED = (
    ("gaussian_forward", {"mu_q": "mu_p"}, "sigma_q", {"mu_p": "0", "sigma_p": "1", "sigma_q": "2"}),
    ("gaussian_reverse", {}, "mu_q", {}),
    ("categorical", {}, "theta_1_q", {}),
    ("gamma", {"a_p": "2"}, "b_q", {}),
    ("poisson", {"lambda_p": "lambda_q"}, None, {}),
    ("bernoulli", {"theta_q": "0"}, None, {}),
)


@pytest.mark.parametrize(("name", "settings", "by", "numbers"), EXPLORED, ids=[case[0] for case in EXPLORED])
def test_an_exploration(name, settings, by, numbers):
    found = explore(forms_of(DERIVATIONS[name])[0], settings, by, numbers)
    _is_whole(found.report("nats").to_latex())
    markdown = found.report("nats").to_markdown()
    assert found.left.latex in markdown
    space = _run(found.to_python())
    place = {symbol.name: 0.21 + 0.1 * index for index, symbol in enumerate(found.left.parameters)}
    assert np.isfinite(space["form"](**place)) or name == "bernoulli"
    if by:
        step = 1e-6
        near = [space["form"](**(place | {by: place[by] + sign * step})) for sign in (1, -1)]
        assert space["slope"](**place) == pytest.approx((near[0] - near[1]) / (2 * step), rel=1e-4, abs=1e-8)
        for index, solution in enumerate(found.stationarity.solutions, 1):
            others = {key: number for key, number in place.items() if key != by}
            best = space[f"solution_{index}"](**others)
            assert space["slope"](**(place | {by: best})) == pytest.approx(0, abs=1e-12)
            assert solution.latex in markdown


def test_words_are_shown_as_they_are():
    found = Report("μ_p & 100 %", (Part(r"a_b {c} \input{x} $x$ <script> ![](y) `z` σ_1_q ✓"),))
    _is_whole(found.to_latex())
    assert r"\input" not in found.to_latex()
    assert r"$\sigma_{1\_q}$" in found.to_latex()
    assert "<script>" not in found.to_markdown().replace(r"\<script\>", "")


def _documents():
    """Every text that is taken away as LaTeX: all derivations, and of the other two pages each kind."""
    yield from (DERIVATIONS[name].to_latex() for name in DERIVATIONS)
    yield from (report(check_formula(text)).to_latex() for text in CHECKED)
    for name, settings, by, numbers in EXPLORED:
        yield explore(forms_of(DERIVATIONS[name])[0], settings, by, numbers).report("bits").to_latex()


def _compiled(source, folder, name) -> tuple[bool, str]:
    """Whether a real engine takes a document, and what it says."""
    (folder / f"{name}.tex").write_text(source, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", f"{name}.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True)
    return run.returncode == 0, run.stdout.decode(errors="replace")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here")
def test_latex_compiles(tmp_path):
    """By a real engine: documents of one preamble as the pages of one, which takes it a second."""
    packages = r"\documentclass{article}\usepackage{amsmath,amssymb,graphicx}\begin{document}$x$\end{document}"
    if not _compiled(packages, tmp_path, "empty")[0]:
        pytest.skip("this pdflatex compiles nothing")
    bodies = {}
    for source in _documents():
        preamble, body = source.split(r"\begin{document}")
        bodies.setdefault(preamble, []).append(body.removesuffix("\\end{document}\n"))
    assert len(bodies) == 2 and sum(map(len, bodies.values())) == len(DERIVATIONS) + len(CHECKED) + len(EXPLORED)
    for place, (preamble, pages) in enumerate(bodies.items()):
        whole = "\n".join([preamble, r"\begin{document}", "\n\\clearpage\n".join(pages), r"\end{document}"])
        is_taken, said = _compiled(whole, tmp_path, place)
        assert is_taken and "Missing character" not in said, said[-800:]
