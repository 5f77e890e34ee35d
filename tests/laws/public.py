"""The public names of the engine: those at the top, and those in the namespaces."""

from __future__ import annotations

import inspect

import kl_engine as kl

FAMILIES = ("Diagonal", "Gaussian", "Isotropic", "Mixture")  # of q; `kl.families` is a module with helpers as well
SPACES = ("acting", "coding", "data", "distributions", "divergences", "inference", "objectives", "optima", "symbolic")
PROOF = {
    "Check",
    "DERIVATIONS",
    "Derivation",
    "Outcome",
    "Step",
    "Verification",
    "latex",
}  # as tests/symbolic/proof has


def public() -> dict[str, object]:
    """Every public function and class once, by the shortest name: `fit`, `optima.flow`, `families.Gaussian`."""
    names = {name: getattr(kl, name) for name in kl.__all__}
    names |= {f"families.{name}": getattr(kl.families, name) for name in FAMILIES}
    for space in SPACES:
        held = getattr(kl, space)
        names |= {f"{space}.{name}": getattr(held, name) for name in held.__all__ if name not in PROOF}
    found: dict[str, object] = {}
    for name, value in names.items():
        if not inspect.ismodule(value) and not any(value is other for other in found.values()):
            found[name] = value
    return found
