"""A distribution as a textbook writes it, in LaTeX: what a notebook shows of it; and its arrays as a line of text."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields

import numpy as np

MOST_TERMS = 6  # of a sum or a list; of more the first, and dots
MOST_ROWS = 4  # of a matrix that is written out
MOST_NUMBERS = 64  # of an array in a repr


class Notated:
    """What has a notation: a notebook sets it by `_repr_latex_`."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        return f"${latex(self)}$"


def latex(d: object) -> str:
    r"""The distribution in LaTeX, as \mathcal{N}(1, 2^2); its name and arguments where it has no sign of its own."""
    form = FORMS.get(type(d).__name__)
    return form(d) if form else _named(d)


def number(x: float) -> str:
    """A number of six digits: -1.5, 10^{-7}, infinity."""
    if math.isinf(x):
        return r"\infty" if x > 0 else r"-\infty"
    digits, _, power = f"{x:.6g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits


def listed(array: np.ndarray) -> str:
    """An array as lists, every number in full, so that it can be read back; of more than 64 numbers the ends."""
    if array.size <= MOST_NUMBERS:
        return str(array.tolist())
    first, last = array.ravel()[[0, -1]].tolist()
    return f"[{first}, …, {last}] of shape {array.shape}"


def _normal(mean: float, std: float) -> str:
    width = number(std)
    return rf"\mathcal{{N}}({number(mean)}, {f'({width})' if '^' in width else width}^2)"


def _vector(values: np.ndarray) -> str:
    return _matrix(np.asarray(values)[:, None])


def _matrix(values: np.ndarray) -> str:
    rows = r" \\ ".join(" & ".join(number(float(x)) for x in row) for row in values)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _wide(mean: np.ndarray, cov: np.ndarray) -> str:
    if len(mean) > MOST_ROWS:
        return rf"\mathcal{{N}}_{{{len(mean)}}}(\mu, \Sigma)"
    return rf"\mathcal{{N}}\left({_vector(mean)}, {_matrix(cov)}\right)"


def _sum(weights: np.ndarray, terms: list[Callable[[], str]]) -> str:
    parts = [rf"{number(float(w))} \, {term()}" for w, term in zip(weights[:MOST_TERMS], terms)]
    return " + ".join(parts) + rf" + \dots \; ({len(terms)} \text{{ components}})" * (len(terms) > MOST_TERMS)


def _list(sign: str, values: np.ndarray) -> str:
    inside = ", ".join(number(float(x)) for x in values[:MOST_TERMS])
    dots = rf", \dots, {number(float(values[-1]))}" if len(values) > MOST_TERMS else ""
    return rf"\operatorname{{{sign}}}({inside}{dots})"


def _law(d: object) -> str:
    name = d.name.replace("_", r"\_")
    return rf"\operatorname{{{name}}}({', '.join(map(number, d.shapes))})"


def _named(d: object) -> str:
    given = {field.name: getattr(d, field.name) for field in fields(d)}
    words = {name.replace("_", r"\ "): value for name, value in given.items() if isinstance(value, (int, float))}
    inside = r",\ ".join(rf"\mathrm{{{name}}} = {number(float(value))}" for name, value in words.items())
    return rf"\operatorname{{{type(d).__name__}}}({inside})"


FORMS: dict[str, Callable[..., str]] = {
    "Gaussian": lambda d: _normal(d.mean, d.std),
    "GaussianMixture": lambda d: _sum(
        d.weights, [lambda m=m, s=s: _normal(float(m), float(s)) for m, s in zip(d.means, d.stds)]
    ),
    "MultivariateGaussian": lambda d: _wide(d.mean, d.cov),
    "MultivariateGaussianMixture": lambda d: _sum(
        d.weights, [lambda m=m, c=c: _wide(m, c) for m, c in zip(d.means, d.covs)]
    ),
    "Categorical": lambda d: _list("Cat", d.probs),
    "Dirichlet": lambda d: _list("Dir", d.concentration),
    "Affine": lambda d: rf"{number(d.loc)} + {number(d.scale)} \left({latex(d.base)}\right)",
    "Mixture": lambda d: _sum(d.weights, [lambda part=part: latex(part) for part in d.parts]),
    "CountMixture": lambda d: _sum(d.weights, [lambda part=part: latex(part) for part in d.parts]),
    "Shifted": lambda d: rf"{number(d.by)} + {latex(d.base)}",
    "Tabulated": lambda d: _list("Tab", d.probs),
    "ScipyLaw": lambda d: _law(d),
    "ScipyCounts": lambda d: _law(d),
    "Density": lambda d: rf"p(x), \; x \in ({number(d.low_high[0])}, {number(d.low_high[1])})",
}
