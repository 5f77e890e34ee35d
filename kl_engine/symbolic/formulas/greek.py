"""Greek letters, and the other signs of Unicode, in the words that a grammar reads."""

import unicodedata

_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon "
    "phi chi psi omega"
)
GREEK_LETTERS = {chr(0x3B1 + place): name for place, name in enumerate(_GREEK_NAMES.split())}
GREEK_LETTERS |= {"µ": "mu", "Σ": "Sigma", "Δ": "Delta", "Λ": "Lambda", "Θ": "Theta", "ϕ": "phi", "Φ": "Phi"}
GREEK_LETTERS |= {"Γ": "Gamma", "Ψ": "Psi", "Π": "Pi", "Ω": "Omega", "ϵ": "epsilon", "ϑ": "theta"}

BAR = "||"  # two bars: between two distributions, or around a norm
SIGNS = dict.fromkeys("−–—‐‑﹣", "-") | dict.fromkeys("·⋅∙•×∗", "*") | dict.fromkeys("÷∕⁄", "/")
SIGNS |= dict.fromkeys("‖∥", BAR) | {"∣": "|", "∼": "~", "’": "'", "′": "'", "⟨": "<<", "⟩": ">>", "≔": ":=", "←": "<-"}
SIGNS |= dict.fromkeys("≡≜", "=") | {"≥": ">=", "≤": "<=", "≈": "~=", "∝": "~=", "≠": "!=", "∈": "~", "√": "√"}
SPACES = frozenset("\u00a0\u2009\u202f\u2002\u2003\u2005\u2004\u200a\u3000")
HALVES = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀ", "0123456789-+nT", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ₚₐᵢⱼₖₙₓᵩₜ", "0123456789paijknxqt", strict=True))
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u20d7": "vec"}
ACCENTS = frozenset(_ACCENTS)


def bare(sign: str) -> tuple[str, str]:
    """A letter without its accent, and the accent as a word: ŷ is y and hat."""
    letter, *accents = unicodedata.normalize("NFD", sign)
    words = [_ACCENTS[accent] for accent in accents if accent in _ACCENTS]
    return (letter, words[0]) if len(words) == len(accents) == 1 else (sign, "")


def accent(sign: str) -> str:
    """The word for a combining accent."""
    return _ACCENTS[sign]
