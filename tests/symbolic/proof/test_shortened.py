"""Long numbers in formulas and sentences: by their first digits, which are true as they stand."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest
from sympy import Rational, log, sqrt, symbols

from kl_engine.symbolic.proof.writing.first_digits import WHOLE, first_digits, in_first_digits, is_long
from kl_engine.symbolic.proof.writing.shortened import regrouped, shortened
from kl_engine.symbolic.proof.writing.typeset import latex

A, S, T = symbols("mu_p sigma_p sigma_q", positive=True)
LONG = Rational("2.718281828459045")
RUN = re.compile(rf"[1-9]\d{{{WHOLE},}}")
DRAWN = random.Random(18)
NUMBERS = [
    *(Fraction(DRAWN.randrange(1, 10**a), DRAWN.randrange(1, 10**b)) for a in range(1, 40, 3) for b in range(1, 40, 3)),
    *(Fraction(10) ** k * n for k in range(-30, 31, 3) for n in (1, 9, 12345678, 99999999999)),
]
FORMULAS = [
    LONG * S,
    log(S / LONG) + (LONG**2 + (A - LONG) ** 2) / (2 * S**2) - Rational(1, 2),
    ((LONG**2 * 10**30) * log(S) + 10**30 * S**2 - 15241578750190521) / 30483157500381042,
    sqrt(10**28 * A**2 - LONG * 10**27 * A + 3 * 10**27) / 10**14,
    sqrt(5) * sqrt(8 * 10**27 * A**2 - LONG * 10**28 * A + 10**29) / (2 * 10**14),
    (10**14 * A - 314159265358979) / (10**14 * T**2),
    log(10**24 * T) - Rational(10**48 - 1, 2 * 10**48),
    -(LONG**7) * (A - LONG**3 * T) ** 2 / (S * LONG**9 - T) ** 3,
]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_first_digits_are_cut_off_and_not_rounded(number):
    shown = first_digits(number)
    low, high = (Fraction(int(shown.digits) + k) * Fraction(10) ** shown.power for k in (0, 1))
    assert low <= number < high and shown.is_whole == (low == number)
    written = shown.written("…", "e{power}")
    assert Fraction(written.replace("…", "")) == low and ("…" in written) == (not shown.is_whole)
    assert len(written) <= 16 and not RUN.search(written)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_has_no_long_number_and_is_the_same(formula):
    shown = shortened(formula)
    assert RUN.search(latex(formula)) and not RUN.search(shown.latex), shown.latex
    assert shown.is_whole == (r"\ldots" not in shown.latex)
    assert not re.search(r"\d(?:\\ldots)? \d", shown.latex)  # two numbers side by side
    there = {A: Rational(7, 3), S: Rational(5, 4), T: Rational(2, 7)}
    assert abs((regrouped(formula) - formula).xreplace(there).n(60, chop=False)) <= 1e-40 * abs(formula.xreplace(there))


def test_what_is_short_stays_as_it_is():
    for formula in (S / 3 + Rational(22, 7), log(S) * Rational(1, 999999), sqrt(2) * S):
        assert shortened(formula).latex == latex(formula) and shortened(formula).is_whole


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("σ_p = 123456789/1000000000", "σ_p = 0.123456789"),
        ("σ_p = -314159265358979/100000000000000 is", "σ_p = -3.14159… is"),
        ("t ∝ p^(123456789123/100000000000)", "t ∝ p^(1.23456…)"),
        ("1/3 of x12345678, 0.12345678912, 1234567890", "1/3 of x12345678, 0.12345678912, 1234567890"),
        ("limit σ → 10000000000000", "limit σ → 1e13"),
    ],
)
def test_sentences_say_the_first_digits(words, shown):
    assert in_first_digits(words) == shown


def test_what_is_read_at_a_glance_is_not_long():
    assert not any(map(is_long, (Fraction(1, 3), Fraction(123456, 999999), Fraction(10**9))))
    assert all(map(is_long, (Fraction(1, 1000001), Fraction(10**10), Fraction(10**7, 3))))
