"""A name taken apart: what it stands for and whose it is, as its parts say, in whatever order they come.

z_log_sigma_sq is z, log, sigma, sq: the log variance of z; enc_mu, lsd_p, postStd and muq are read in the same way.
"""

import re
from dataclasses import dataclass
from functools import cache

from kl_engine.symbolic.formulas.parsing.word_lists import words

_MEAN, _STD, _VARIANCE, _PRECISION, _LOG, _SQUARE, _INVERSE, _COUNT, _CHOLESKY = (
    "mean", "std", "variance", "precision", "log", "square", "inverse", "count", "cholesky",
)  # fmt: skip
_KINDS = {
    _MEAN: "m mu mean means loc mn avg average center centre location mus",
    _STD: "s sigma std sd scale stddev stdev stds sig stdv sigmas scales sds",
    _VARIANCE: "v var variance variances vars ssq sigmasqr cov covariance sigma2 vari",
    _PRECISION: "tau prec precision lam lambda precisions",
    _LOG: "log ln logs lg",
    _SQUARE: "sq squared square sqr",
    _INVERSE: "inv inverse",
    _CHOLESKY: "chol cholesky tril",
    _COUNT: "d k n dim dims size num count batch bs latentdim ndim numel len length samples dataset",
}
KIND = {word: kind for kind, text in _KINDS.items() for word in text.split()}
P_STRONG = words("p prior target true truth ref reference teacher old base")
Q_STRONG = words("q post posterior approx enc encoder encoded model student guide variational infer inferred new recog")
P_WEAK = words("theta data gt")
Q_WEAK = words("phi hat tilde z latent vi pred predicted current")
_FILLERS = words("dev net layer out output fc head param params t i j l val value est dist hidden code")
_RAW = frozenset(words("raw unconstrained unc pre presoftplus preact untransformed"))
_GLUED = tuple(
    sorted(
        {*KIND, *P_STRONG, *Q_STRONG, "theta", "phi", "z", "latent", "hat", "x"} - {"d", "k", "n", "m", "s", "v", "w"},
        key=len,
    )
)
_SHORT = {
    "lv": ("log", "var"),
    "ls": ("log", "std"),
    "lsd": ("log", "sd"),
    "lvar": ("log", "var"),
    "lstd": ("log", "std"),
}
_SHORT |= {"logv": ("log", "var"), "logs": ("log", "std"), "lsig": ("log", "sigma"), "lsigma": ("log", "sigma")}
_SHORT |= {"qz": ("q", "z"), "pz": ("p", "z"), "qx": ("q", "x"), "px": ("p", "x"), "lnvar": ("log", "var")}
_SHORT |= {f"{owner}{letter}": (owner, letter) for owner in "pq" for letter in "msv"}  # qm and qv
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PIECES = re.compile(r"[A-Za-z]+|\d+")


@dataclass(frozen=True)
class Parts:
    """A name's parts. kinds: what its words stand for. index: its other words. glued_two: a 2 right behind a scale."""

    kinds: tuple[str, ...]
    index: tuple[str, ...]
    glued_two: bool = False

    @property
    def quantity(self) -> str:
        """mean, std, variance, precision, cholesky, log std, log variance, count; empty where they do not say one."""
        kinds = set(self.kinds)
        if _RAW & {*self.index}:
            return ""  # raw_std is what a std is made of
        if _CHOLESKY in kinds:
            return "cholesky" if kinds <= {_CHOLESKY, _STD, _VARIANCE} else ""
        scales = kinds & {_STD, _VARIANCE, _PRECISION}
        if _MEAN in kinds:
            return "mean" if kinds == {_MEAN} else ""
        if not scales:
            return "count" if kinds == {_COUNT} else ""
        if len(scales) > 1 or len([kind for kind in self.kinds if kind in scales]) > 1 or kinds & {_COUNT}:
            return ""
        scale = scales.pop()
        if _SQUARE in kinds and scale != _STD or _INVERSE in kinds and (scale != _VARIANCE or _LOG in kinds):
            return ""
        scale = "variance" if _SQUARE in kinds else "precision" if _INVERSE in kinds else scale
        if _LOG in kinds:
            return f"log {scale}" if scale != _PRECISION else ""
        return scale

    def squared(self) -> "Parts":
        """With the 2 behind a scale read as a square."""
        place = self.index.index("2")
        return Parts((*self.kinds, _SQUARE), self.index[:place] + self.index[place + 1 :])


@cache
def parts_of(name: str) -> Parts:
    """The parts of a name."""
    kinds: list[str] = []
    index: list[str] = []
    glued_two = False
    for part in name.split("_"):
        said = [word for piece in _PIECES.findall(part) for word in _words(piece)]
        for place, word in enumerate(said):
            kind = KIND.get(word)
            if kind == _COUNT and len(word) == 1 and len(name) > len(part):
                kind = None  # d1.variance is that of a distribution d1
            # A letter of one kind beside another word of that kind is an index: v of v_mean.
            if kind and not (len(word) == 1 and set(kinds) - {_LOG}):
                kinds.append(kind)
            elif word not in _FILLERS or len(name) < 3:
                index.append(word)
                before = KIND.get(said[place - 1]) if place else None
                glued_two |= word == "2" and before == _STD
    return Parts(tuple(kinds), tuple(index), glued_two)


def _words(piece: str) -> tuple[str, ...]:
    """The words that letters without an underscore are made of: logVar and logvar are log and var."""
    return tuple(word for part in _CAMEL.split(piece) for word in _split(part.lower()))


@cache
def _split(word: str) -> tuple[str, ...]:
    if word in _SHORT:
        return _SHORT[word]
    if (
        word in KIND
        or len(word) < 3
        and word not in ("mp", "mq", "sp", "sq", "vp", "vq", "ma", "mb", "sa", "sb", "va", "vb")
    ):
        return (word,)
    if len(word) == 2:
        return (word[0], word[1])
    found = _segments(word)
    return found or (word,)


@cache
def _segments(word: str) -> tuple[str, ...]:
    """The fewest known words that make up the whole; none where they do not."""
    best: tuple[str, ...] = ()
    for first in _GLUED:
        if word.startswith(first) and len(first) < len(word):
            rest = word[len(first) :]
            tail = (rest,) if rest in KIND or rest in ("p", "q", "a", "b", "z", "sq") else _segments(rest)
            if tail and (not best or len(tail) + 1 < len(best)):
                best = (first, *tail)
    return best if any(part in KIND for part in best) else ()
