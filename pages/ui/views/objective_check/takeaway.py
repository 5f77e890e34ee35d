"""What a person can take away from the objective check: Python, and the answer as plain text."""

from __future__ import annotations

from kl_engine.fits.outcomes import Fate
from kl_engine.objectives.consequences import forced, sampling, zeros
from kl_engine.objectives.verdicts import Verdict
from pages.ui.views.objective_check.scene import Demonstration


def python_code(shown: Demonstration) -> str:
    """A few lines that reproduce the numbers of the page with the engine."""
    target = shown.target
    head = f"p = two_modes({target.separation!r}, weight={target.weight!r}, stds=({target.right!r}, {target.left!r}))"
    if shown.fate is Fate.MINIMUM:
        imports = "from kl_engine.fits.outcomes import Weights\n"
        imports += "from kl_engine.fits.weighted import weighted_optima"
        found = f"weights = Weights(*{tuple(map(float, shown.weights))!r})  # of E_p[-log q], -H[q], E_q[-log p]\n"
        found += "q = weighted_optima(p, weights)[0].q"
    else:
        imports = "from kl_engine import Gaussian"
        found = f"q = Gaussian({shown.q.mean!r}, {shown.q.std!r})  # on its way: there is no minimum"
    return f"""from kl_engine import disagreement, forward_kl, reverse_kl, two_modes
{imports}

{head}
{found}
print(q, forward_kl(p, q), reverse_kl(p, q), *disagreement(p, q), sep="\\n")  # nats
"""


def answer_text(text: str, verdict: Verdict) -> str:
    """The answer in plain text, for a notebook or a review."""
    lines = [f"objective: {text}", f"fitted: {verdict.model}", f"canonical form: {verdict.canonical}"]
    lines += [f"direction: {verdict.direction}", f"expectation under: {', '.join(verdict.expectations)}"]
    lines += [f"to be {'maximised' if verdict.maximised else 'minimised'}", f"forces: {forced(verdict)}"]
    lines += [f"needs: {sampling(verdict)}", *(f"at a zero: {line}" for line in zeros(verdict))]
    return "\n".join([*lines, f"constant: {'; '.join(verdict.dropped) or 'nothing'}"]) + "\n"
