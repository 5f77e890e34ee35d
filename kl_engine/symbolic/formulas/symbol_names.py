"""Names of symbols as a sentence shows them, μ_p for mu_p, and back from what a person types."""

from sympy import Symbol

from kl_engine.symbolic.formulas.greek import GREEK_LETTERS

_LETTERS = {name: letter for letter, name in reversed(GREEK_LETTERS.items()) if letter not in ("ς", "µ")}


def spoken(symbol: Symbol | str) -> str:
    """The name with its Greek letter: theta_1_p is θ_1_p."""
    stem, underscore, index = str(symbol).partition("_")
    return f"{_LETTERS.get(stem, stem)}{underscore}{index}"


def written(text: str) -> str:
    """The name that was meant by μ_p, μp or mu_p."""
    for letter, name in GREEK_LETTERS.items():
        text = text.replace(letter, name if text[1:2] in ("", "_") else f"{name}_")
    return text


def listed(symbols: tuple[Symbol, ...] | list[Symbol]) -> str:
    """Names, with commas between them."""
    return ", ".join(map(spoken, symbols))
