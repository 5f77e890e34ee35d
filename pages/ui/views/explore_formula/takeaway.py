"""What a person can take away of each form: a report in LaTeX and Markdown, and Python."""

from __future__ import annotations

from pages.ui.views.explore_formula.scene import Explored


def title(explored: Explored, unit: str) -> str:
    """What the report is called."""
    return explored.found.report("nats" if unit else "").title


def texts(explored: Explored, unit: str) -> dict[str, str]:
    """The report, its value in nats where it has a unit at all, and functions of what is left free."""
    report = explored.found.report("nats" if unit else "")
    return {"LaTeX": report.to_latex(), "Markdown": report.to_markdown(), "Python": explored.found.to_python()}
