"""What a text calls the modules that it uses: NP after import numpy as NP, or by the shape of xnp.log(a/b)."""

from __future__ import annotations

import re

from kl_engine.symbolic.formulas.parsing.tokens import NAME, Token

_MODULES = {
    "numpy": "np", "torch": "torch", "torch.nn.functional": "F", "torch.nn": "nn", "tensorflow": "tf",
    "tensorflow.math": "tf", "tensorflow.compat.v1": "tf", "tensorflow.keras.backend": "K", "keras.backend": "K",
    "keras.ops": "ops", "jax.numpy": "jnp", "jax": "jax", "scipy.stats": "stats", "scipy.special": "special",
    "torch.distributions": "dist", "tensorflow_probability": "tfp", "math": "math", "cupy": "np", "paddle": "paddle",
    "autograd.numpy": "np", "jax.scipy.special": "special", "optax": "optax", "jax.nn": "nn", "mxnet.nd": "nd",
    "tensorflow.nn": "nn", "mindspore.ops": "ops", "paddle.nn.functional": "F", "numpyro.distributions": "dist",
    "torch.distributions.kl": "kl", "mlx.core": "np", "sympy": "sympy",
}  # fmt: skip
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([\w.]+)[ \t]+as[ \t]+(\w+)", re.M)
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\w+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?:#.*)?$", re.M)
_GIVEN = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*(?:torch|tf|tensorflow|jax|keras|tfp|nn)((?:\.\w+)+)[ \t]*$", re.M)
# A function that takes one argument, with one given: what stands before the point is a module.
_APPLIED = ("log", "exp", "sqrt", "square", "log1p", "expm1", "lgamma", "gammaln", "digamma", "log2", "abs")
_LIKE_MODULE = re.compile(
    r"[A-Z]{1,3}|(?i:x?[a-z]?np|\w{0,4}numpy\w*|\w{0,3}torch\w*|tt|jn|mnp|tnp|\w?math\w?|lib|backend|t[fh]m?)"
)


def with_known_modules(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each module under the name by which it is known here."""
    names = _imported(text)
    for place, token in enumerate(tokens[:-4]):
        if token.kind == NAME and token.value not in names and _is_module(tokens, place):
            names[token.value] = "np"
    if not names:
        return tokens
    found = list(tokens)
    for place, token in enumerate(tokens[:-1]):
        after_point = place and tokens[place - 1].is_sign(".")
        if token.kind == NAME and token.value in names and tokens[place + 1].is_sign(".") and not after_point:
            found[place] = token._replace(value=names[token.value])
    return found


def _imported(text: str) -> dict[str, str]:
    """The names that the text itself gives to modules."""
    names = {alias: _MODULES[path] for path, alias in _IMPORT.findall(text) if path in _MODULES}
    for path, name, alias in _FROM.findall(text):
        if f"{path}.{name}" in _MODULES:
            names[alias or name] = _MODULES[f"{path}.{name}"]
    for name, path in _GIVEN.findall(text):
        known = _MODULES.get(f"tensorflow{path}") or _MODULES.get(f"torch{path}") or _MODULES.get(f"jax{path}")
        if known:
            names[name] = known
    return {alias: name for alias, name in names.items() if alias != name}


def _is_module(tokens: list[Token], place: int) -> bool:
    """Whether NP.log(…) stands there: a name like that of a module, and a function of one argument that is given it."""
    token, point, function, opened, first = tokens[place : place + 5]
    shaped = point.is_sign(".") and function.is_name(*_APPLIED) and opened.is_sign("(") and not first.is_sign(")")
    return bool(shaped and first.kind != "text" and _LIKE_MODULE.fullmatch(token.value))


__all__ = ["with_known_modules"]
