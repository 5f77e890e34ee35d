"""What a person can take away from the view: the answer as a report, and two kinds of Python."""

from __future__ import annotations

from pages.ui.views.check_formula.scene import Scene


def texts(scene: Scene) -> dict[str, str]:
    """The answer in LaTeX and Markdown, and as Python the formula itself beside both directions."""
    from kl_engine.symbolic.recognise.sayings.formula_export import report, to_python

    answer = report(scene.check)
    return {"LaTeX": answer.to_latex(), "Markdown": answer.to_markdown(), "Python": to_python(scene.check)}
