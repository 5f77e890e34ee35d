"""The public names of the engine: those at the top, and those in the namespaces."""

from __future__ import annotations

import inspect

import kl_engine as kl

FAMILIES = ("Diagonal", "Gaussian", "Isotropic", "Mixture")  # of q; `kl.families` is a module with helpers as well
SPACES = ("acting", "coding", "data", "distributions", "divergences", "inference", "objectives", "optima", "symbolic")


def public() -> dict[str, object]:
    """Every public function and class once, by the shortest name: `fit`, `optima.flow`, `families.Gaussian`.

    What is neither, as the catalogue of derivations, stands there by its class.
    """
    names = {name: getattr(kl, name) for name in kl.__all__}
    names |= {f"families.{name}": getattr(kl.families, name) for name in FAMILIES}
    for space in SPACES:
        held = getattr(kl, space)
        names |= {f"{space}.{name}": getattr(held, name) for name in held.__all__}
    found: dict[str, object] = {}
    for name, value in names.items():
        if not (inspect.ismodule(value) or inspect.isclass(value) or inspect.isfunction(value)):
            value = type(value)
        if not inspect.ismodule(value) and not any(value is other for other in found.values()):
            found[name] = value
    return found
