"""What a test reads off texts: their numbers, however they are written."""

from __future__ import annotations

import re

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER = re.compile(r"\s*(?:×|·|\\times|\\cdot)\s*10\^?\{?(-?\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)\}?")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")

ESTIMATE = re.compile(r"(-?[\d.]+(?:e[+-]?\d+)?) ±|\b(inf) \(")


def estimates(text: str) -> list[float]:
    """The values of every Estimate that was printed, in order."""
    return [float(finite or infinite) for finite, infinite in ESTIMATE.findall(text)]


def numbers(text: str) -> list[float]:
    """Every number of a text, in order."""
    plain = text.replace("−", "-")
    plain = POWER.sub(lambda power: f"e{power[1].translate(SUPERSCRIPTS)}", plain)
    return [float(number) for number in NUMBER.findall(plain)]


def says(text: str, value: float, near: float = 6e-5) -> bool:
    """Whether a number of the text is `value`, to `near`."""
    return any(abs(number - value) <= near for number in numbers(text))
