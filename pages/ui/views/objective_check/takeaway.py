"""What a person can take away from the view beside its Python: the curves, and the answer as plain text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from kl_engine.objectives.consequences import forced, sampling, zeros
from pages.ui.views.objective_check.charts import curves_of
from pages.ui.views.objective_check.scene import Family, Scene


def tables(scene: Scene | Family) -> dict[str, Callable[[], pd.DataFrame]]:
    """What can be saved as CSV, by name."""
    return {"curves": partial(curves_of, scene)}


def unjudged_text(scene: Scene) -> str:
    """The same of an objective that is no sum of expectations of a log ratio."""
    return f"objective: {scene.question.text}\nanswer: {scene.verdict.headline}"


def answer_text(scene: Scene) -> str:
    """The answer in plain text, for a notebook or a review."""
    verdict = scene.verdict
    lines = [f"objective: {scene.question.text}", f"fitted: {verdict.model}", f"canonical form: {verdict.canonical}"]
    lines += [f"direction: {verdict.pull}", f"expectation under: {', '.join(verdict.expectations)}"]
    lines += [f"to be {'maximised' if verdict.maximised else 'minimised'}", f"forces: {forced(verdict)}"]
    lines += [f"needs: {sampling(verdict)}", *(f"at a zero: {line}" for line in zeros(verdict))]
    return "\n".join([*lines, f"constant: {'; '.join(verdict.dropped) or 'nothing'}"])
