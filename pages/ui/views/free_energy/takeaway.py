"""What a person can take away of the free energy view beside its Python: LaTeX with the numbers, and tables."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from pages.ui.cache.kept import kept
from pages.ui.say.display_math import signed_terms
from pages.ui.views.free_energy.question import Question
from pages.ui.views.free_energy.scene import Scene, answered
from pages.ui.views.free_energy.stories import COIN, FINITE, LINE, LINKS

FINITE_PROOF, GAUSSIAN_PROOF, LINK_PROOF = "free_energy_finite", "free_energy_gaussian", "free_energy_polynomial"
A_LINE = 2  # terms


def tables(scene: Scene) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"terms": partial(terms_table, scene), "descent": partial(descent_table, scene)}


@kept(256)
def numbers_put_in(question: Question) -> tuple[str, str]:
    """What is put in, in words, and LaTeX of it with every number where its symbol stood; empty without closed form."""
    scene = answered(question)
    if scene.family == FINITE:
        return "complexity − accuracy", _finite(scene)
    if scene.family == COIN:
        return "complexity", _coin(scene)
    if scene.family != LINE or np.ndim(scene.x) or scene.model.prior.weights.size > 1:
        return "", ""
    return "complexity − accuracy", _line(scene)


def in_units(latex: str, units: str) -> str:
    """What `numbers_put_in` gives, which is in nats, as a number of these units."""
    return latex if units == "nats" or not latex else rf"\frac{{1}}{{\log 2}}\left[{latex}\right]"


def _finite(scene: Scene) -> str:
    """The finite form for two states."""
    from sympy import IndexedBase, Symbol

    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.proof.notation import n

    form = DERIVATIONS[FINITE_PROOF].step("complexity").expression.rhs.subs(n, 2).doit()
    tables = {"q": scene.belief, "pi": scene.model.prior}
    columns = {name: table.probs.tolist() for name, table in tables.items()}
    columns["ell"] = scene.model.likelihood[scene.x].tolist()
    symbols = {(name, i): Symbol(f"{name}_{i + 1}", positive=True) for name in columns for i in range(2)}
    plain = form.xreplace({IndexedBase(name)[i + 1]: symbol for (name, i), symbol in symbols.items()})
    return _in_lines(plain, {symbol: columns[name][i] for (name, i), symbol in symbols.items()})


def _line(scene: Scene) -> str:
    """The form for a Gaussian prior: of a straight link, or of a square or a cube."""
    from sympy import expand_mul

    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.subjects.inference.polynomial_link import with_mean_taken

    model, q, link = scene.model, scene.belief, LINKS[scene.question.link]
    straight = len(link) == 2
    form = DERIVATIONS[GAUSSIAN_PROOF if straight else LINK_PROOF].step("in_moments").expression.rhs
    expression = form if straight else with_mean_taken(form)
    coefficients = {f"c_{k}": value for k, value in enumerate((*link, 0.0, 0.0, 0.0)[:4])}
    fixed = {"b": 1.0, "c": 0.0} if straight else coefficients
    values = {"m": q.mean, "s": q.std, "w": q.std**2, "x": scene.x, "s_x": model.noise_std}
    values |= {"m_0": float(model.prior.means[0]), "s_0": float(model.prior.stds[0])}
    by_name = {symbol.name: symbol for symbol in expression.free_symbols}
    plain = expression.xreplace({by_name[name]: int(value) for name, value in fixed.items() if name in by_name})
    plain = plain if straight else expand_mul(plain)  # one long fraction, as many short ones
    return _in_lines(plain, {symbol: values[symbol.name] for symbol in plain.free_symbols})


def _coin(scene: Scene) -> str:
    """D(q‖prior) between two Betas: the derivation's first argument is q."""
    from kl_engine.symbolic import DERIVATIONS

    form, q, prior = DERIVATIONS["beta"], scene.belief, scene.model.prior
    values = {"a_p": q.a, "b_p": q.b, "a_q": prior.a, "b_q": prior.b}
    return _in_lines(form.forward, {symbol: values[symbol.name] for symbol in form.parameters})


def _in_lines(expression, values: dict) -> str:
    """A sum with numbers in it, a few terms per line."""
    from kl_engine.symbolic.proof.writing.typeset import latex_with

    rounded = {symbol: float(f"{value:.4g}") for symbol, value in values.items()}
    terms = [latex_with(term, rounded) for term in expression.as_ordered_terms()]
    signed = signed_terms(terms)
    lines = ["".join(signed[i : i + A_LINE]) for i in range(0, len(signed), A_LINE)]
    return r"\begin{aligned}&" + r"\\&".join(lines) + r"\end{aligned}"


def descent_table(scene: Scene) -> pd.DataFrame:
    """One row a frame of the descent: q and F in nats."""
    descent = scene.descent
    if scene.family == FINITE:
        columns = dict(zip(("q_1", "q_2"), descent.parameters["probs"].T))
    elif scene.family == COIN:
        columns = {f"q_{name}": descent.parameters[name] for name in "ab"}
    else:
        columns = {"q_mean": descent.mean, "q_std": descent.std}
    return pd.DataFrame({"way": np.linspace(0, 1, len(descent)), **columns, "F_nats": scene.falling})


def terms_table(scene: Scene) -> pd.DataFrame:
    """Every term of q as set and as fitted, with its error, in nats."""
    names = ("value", "energy", "entropy", "complexity", "accuracy", "divergence", "surprisal")
    rows = [
        {"q": which, "term": name, "nats": term.value, "error": term.error, "certainty": str(term.certainty)}
        for which, terms in (("as set", scene.at_start), ("fitted", scene.at_fit))
        for name in names
        for term in (getattr(terms, name),)
    ]
    return pd.DataFrame(rows)
