"""The three forms of F as the derivations prove them, and the same with the current numbers put in; SymPy lazily."""

from __future__ import annotations

from pages.ui.views.free_energy.scene import COIN, FINITE, Situation
from pages.ui.views.free_energy.stories import LINKS

FINITE_PROOF, GAUSSIAN_PROOF, LINK_PROOF = "free_energy_finite", "free_energy_gaussian", "free_energy_polynomial"
BY_EVIDENCE = r"D(q\,\|\,\text{posterior})-\log p(x)"  # of densities: the definition of its two terms
A_LINE = 2  # terms


def forms(family: str) -> tuple[str, str, str]:
    """LaTeX of energy − entropy, complexity − accuracy, divergence + surprisal: steps of a proved derivation.

    The energy, −E log of the joint, stands first, as it does in the name of the form.
    """
    from kl_engine.symbolic import DERIVATIONS, latex

    steps = DERIVATIONS[FINITE_PROOF if family == FINITE else GAUSSIAN_PROOF].steps
    shown = [latex(step.expression.rhs) for step in steps[: 3 if family == FINITE else 2]]
    first = sorted(steps[0].expression.rhs.args, key=lambda term: not term.could_extract_minus_sign())
    shown[0] = "".join(_signed([latex(term) for term in first]))
    return tuple(shown if family == FINITE else [*shown, BY_EVIDENCE])


def numbers_put_in(found: Situation, link: str, fitted: bool) -> tuple[str, str]:
    """What is put in, in words, and LaTeX of it with every number where its symbol stood; empty without closed form."""
    if found.family == FINITE:
        return "complexity − accuracy", _finite(found, fitted)
    if found.family == COIN:
        return "complexity", _coin(found, fitted)
    if found.model.prior.weights.size > 1:
        return "", ""
    return "complexity − accuracy", _line(found, link, fitted)


def _finite(found: Situation, fitted: bool) -> str:
    """The finite form for two states."""
    from sympy import IndexedBase, Symbol

    from kl_engine.symbolic import DERIVATIONS
    from kl_engine.symbolic.proof.sizes import n

    form = DERIVATIONS[FINITE_PROOF].steps[1].expression.rhs.subs(n, 2).doit()
    tables = {"q": found.belief(fitted), "c": found.model.prior}
    columns = {name: table.probs.tolist() for name, table in tables.items()}
    columns["l"] = found.model.likelihood[found.x].tolist()
    symbols = {(name, i): Symbol(f"{name}_{i + 1}", positive=True) for name in columns for i in range(2)}
    plain = form.xreplace({IndexedBase(name)[i + 1]: symbol for (name, i), symbol in symbols.items()})
    return _in_lines(plain, {symbol: columns[name][i] for (name, i), symbol in symbols.items()})


def _line(found: Situation, link: str, fitted: bool) -> str:
    """The form for a Gaussian prior: of a straight link, or of a square or a cube."""
    from sympy import expand_mul

    from kl_engine.symbolic import DERIVATIONS

    model, q = found.model, found.belief(fitted)
    straight = len(LINKS[link]) == 2
    expression = DERIVATIONS[GAUSSIAN_PROOF].steps[2].expression.rhs if straight else (
        DERIVATIONS[LINK_PROOF].steps[1].expression.rhs
    )  # fmt: skip
    coefficients = {f"c_{k}": value for k, value in enumerate((*LINKS[link], 0.0, 0.0, 0.0)[:4])}
    fixed = {"b": 1.0, "c": 0.0} if straight else coefficients
    values = {"m": q.mean, "s": q.std, "w": q.std**2, "x": found.x, "s_x": model.noise_std}
    values |= {"m_0": float(model.prior.means[0]), "s_0": float(model.prior.stds[0])}
    by_name = {symbol.name: symbol for symbol in expression.free_symbols}
    plain = expression.xreplace({by_name[name]: int(value) for name, value in fixed.items() if name in by_name})
    plain = plain if straight else expand_mul(plain)  # one long fraction, as many short ones
    return _in_lines(plain, {symbol: values[symbol.name] for symbol in plain.free_symbols})


def _coin(found: Situation, fitted: bool) -> str:
    """D(q‖prior) between two Betas: the derivation's first argument is q."""
    from kl_engine.symbolic import DERIVATIONS

    form, q, prior = DERIVATIONS["beta"], found.belief(fitted), found.model.prior
    values = {"a_p": q.a, "b_p": q.b, "a_q": prior.a, "b_q": prior.b}
    return _in_lines(form.forward, {symbol: values[symbol.name] for symbol in form.parameters})


def _signed(terms: list[str]) -> list[str]:
    """The terms of a sum, each after its sign."""
    return [term if term.startswith("-") or i == 0 else f"+{term}" for i, term in enumerate(terms)]


def _in_lines(expression, values: dict) -> str:
    """A sum with numbers in it, a few terms a line."""
    from kl_engine.symbolic.proof.typeset import latex_with

    rounded = {symbol: float(f"{value:.4g}") for symbol, value in values.items()}
    terms = [latex_with(term, rounded) for term in expression.as_ordered_terms()]
    signed = _signed(terms)
    lines = ["".join(signed[i : i + A_LINE]) for i in range(0, len(signed), A_LINE)]
    return r"\begin{aligned}&" + r"\\&".join(lines) + r"\end{aligned}"
