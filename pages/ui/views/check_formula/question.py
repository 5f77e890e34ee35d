"""What the view is asked: a formula, and what each of its symbols means."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import streamlit as st

from pages.ui.cache.kept import kept
from pages.ui.frame.pasted import Meanings, box, checked
from pages.ui.state import session
from pages.ui.state.fields import Choice

EXAMPLES = {
    "Textbook": "log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2",
    "LaTeX": r"\log\frac{\sigma_1}{\sigma_2} + \frac{\sigma_2^2 + (\mu_1-\mu_2)^2}{2\sigma_1^2} - \frac{1}{2}",
    "Variational autoencoder": "KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())\nreturn BCE + beta * KLD",
    "n dimensions": (
        r"\frac12\left[\operatorname{tr}(\Sigma_2^{-1}\Sigma_1) + (\mu_2-\mu_1)^\top\Sigma_2^{-1}(\mu_2-\mu_1) - n "
        r"+ \ln\frac{\det\Sigma_2}{\det\Sigma_1}\right]"
    ),
    "Bernoulli": "p*log(p/q) + (1-p)*log((1-p)/(1-q))",
    "In bits": "(log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2)/log(2)",
    "Swapped": r"KL(q\|p) = \log\frac{\sigma_q}{\sigma_p} + \frac{\sigma_p^2 + (\mu_p-\mu_q)^2}{2\sigma_q^2} - \frac12",
    "A slip": "log(s2/s1) + (s1 + (m1 - m2)**2)/(2*s2) - 1/2",
}
FORMULA = box("formula", EXAMPLES["Textbook"])


@dataclass(frozen=True)
class Question:
    """A formula as it was typed, and for each symbol its name, the quantity that it stands for, and whose that is."""

    formula: str
    meanings: Meanings

    @property
    def told(self) -> Meanings | None:
        """The meanings, where they are not those that the names say."""
        return None if self.meanings == guessed(self.formula) else self.meanings

    def to_python(self) -> str:
        """A few lines that reproduce the answer and the numbers of the page with the engine."""
        rows = [
            f"    Meaning({name!r}, Quantity({what!r}), Owner({whose!r}))," for name, what, whose in self.told or ()
        ]
        head = "from kl_engine.symbolic.recognise.meanings import Meaning, Owner, Quantity\n" if rows else ""
        meanings = "\n".join(["meanings = (", *rows, ")", ""]) if rows else ""
        return f"""from kl_engine.symbolic.recognise.formula_check import check_formula
{head}
{meanings}check = check_formula({self.formula!r}{", meanings" if rows else ""})
print(check.headline, check.proof, *check.remarks, sep="\\n")
numbers = check.comparison
print("at", dict(numbers.symbols))
print("the formula =", numbers.value)
print("D(p‖q) =", numbers.forward)  # nats
print("D(q‖p) =", numbers.reverse)
"""


@kept(256)
def guessed(formula: str) -> Meanings:
    """What the symbols of a formula mean, by their names; ValueError when the text is not accepted."""
    from kl_engine.symbolic.recognise.formula_check import meanings_in

    try:
        guesses = checked(formula, None).meanings
    except ValueError:  # it may be read, and yet not be checked before its symbols are told
        guesses = meanings_in(formula)
    return tuple((guess.name, str(guess.quantity), str(guess.owner)) for guess in guesses)


def ask_meanings(formula: str) -> Question:
    """Draw two choices for each symbol: which quantity, and whose. The question; ValueError refuses the formula."""
    from kl_engine.symbolic.formulas.symbol_names import spoken
    from kl_engine.symbolic.recognise.meanings import Owner, Quantity

    # A choice belongs to one formula: in the next one the same letter may mean another thing.
    mark = f"{crc32(formula.encode()):08x}"
    chosen = []
    with st.container(horizontal=True, gap="xsmall", key="meanings"):
        for name, quantity, owner in guessed(formula):
            fields = (
                _choice(f"quantity_{name}_{mark}", f"`{spoken(name)}` is the", Quantity, quantity),
                _choice(f"owner_{name}_{mark}", "of", Owner, owner),
            )
            session.restore(*fields)
            with st.container(horizontal=True, wrap=False, width=238, gap="xxsmall"):
                with st.container(width=163):
                    what = fields[0].pick()
                chosen.append((name, what, fields[1].pick()))
    return Question(formula, tuple(chosen))


def _choice(key: str, label: str, options, guess: str) -> Choice:
    return Choice(key, label, {str(option): str(option) for option in options}, begins_with=guess, quiet=True)
