"""Maximum likelihood of one to eight Gaussians beside scikit-learn's best of ten restarts, on fourteen sets.

    python -m tests.bench.likelihood

Log likelihoods of all the points, ours less theirs, in nats; "s" marks one of theirs that is a spike by our measure.
"""

from __future__ import annotations

import json

from kl_engine.data import Empirical, likelihood_fits
from kl_engine.data.likelihood import NotFitted
from pages.ui.views.your_data.datasets import DATASETS
from tests.data.spikes import may_be_spiked
from tests.serving import ROOT

MOST = 8


def row(name: str, known: dict) -> tuple[list[str], bool]:
    """What each size gains over scikit-learn's, and whether the sizes never do worse."""
    data = Empirical.of(known["x"] or DATASETS[name].numbers())
    fits = likelihood_fits(data, MOST)
    cells = []
    for fit, other in zip(fits[1:], known["fits"]):
        if isinstance(fit, NotFitted) or other is None:
            cells.append("not fitted")
            continue
        spiked = may_be_spiked(other, data)
        cells.append(f"{data.size * (-fit.loss.value - other['mean_log_likelihood']):+.3f}{'s' * spiked}")
    found = [fit.loss.value for fit in fits if not isinstance(fit, NotFitted)]
    return cells, all(after <= before + 1e-12 for before, after in zip(found, found[1:]))


def main() -> None:
    """The table."""
    print("| set | " + " | ".join(map(str, range(2, MOST + 1))) + " | never worse |\n|" + "---|" * (MOST + 1))
    sets = json.loads((ROOT / "tests/reference_data/scikit_learn_mixtures.json").read_text())["sets"]
    for name, known in sets.items():
        cells, ordered = row(name, known)
        print(f"| {name} | {' | '.join(cells)} | {'yes' if ordered else 'NO'} |", flush=True)


if __name__ == "__main__":
    main()
