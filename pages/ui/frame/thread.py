"""The thread through the pages: the question that comes next, and the other pages that show the same p.

To add a page, add a line to NEXT; a test holds that every page has one and that all of them are on the way.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

import streamlit as st

from pages.ui.frame.shell import PAGES
from pages.ui.glossary.links import shared
from pages.ui.state import law
from pages.ui.state.components import Rows, normalised
from pages.ui.state.mixture import Mixture, P, Q
from pages.ui.state.sliders import TARGET
from pages.ui.state.two_modes import Target

# The page, the question that it leaves open, and the page that takes that up.
NEXT: dict[str, tuple[str, str]] = {
    "app.py": ("Where exactly does the reverse fit jump, and why?", "pages/transitions.py"),
    "pages/transitions.py": ("What does the whole terrain look like, with all its valleys?", "pages/landscape.py"),
    "pages/landscape.py": ("And for a target of any shape?", "pages/mixture_lab.py"),
    "pages/mixture_lab.py": ("What lies between the two directions?", "pages/alpha_dial.py"),
    "pages/alpha_dial.py": ("What happens in more than one dimension?", "pages/two_dimensions.py"),
    "pages/two_dimensions.py": ("And where p is a table of probabilities?", "pages/classic_exercise.py"),
    "pages/classic_exercise.py": ("How far apart are two distributions of my own?", "pages/any_two.py"),
    "pages/any_two.py": ("Where do the formulas come from?", "pages/closed_forms.py"),
    "pages/closed_forms.py": ("What must hold at the best q?", "pages/stationarity.py"),
    "pages/stationarity.py": ("What happens if I set some of the symbols equal?", "pages/explore_formula.py"),
    "pages/explore_formula.py": ("Is the formula that I use right?", "pages/check_formula.py"),
    "pages/check_formula.py": ("And what does minimising it force on q?", "pages/objective_check.py"),
    "pages/objective_check.py": ("What does such a loss mean when q is a belief?", "pages/free_energy.py"),
    "pages/free_energy.py": ("And with two unknowns at once?", "pages/regression.py"),
    "pages/regression.py": ("What does a wrong belief cost in bits?", "pages/code_lengths.py"),
    "pages/code_lengths.py": ("And how does that change what one does?", "pages/infer_then_act.py"),
    "pages/infer_then_act.py": ("And several steps ahead?", "pages/plan_ahead.py"),
    "pages/plan_ahead.py": ("And with data of my own?", "pages/your_data.py"),
    "pages/your_data.py": ("How far can a bound or a sample of a divergence be trusted?", "pages/estimators.py"),
    "pages/estimators.py": ("What do other programs say about the same pairs?", "pages/measured.py"),
    "pages/measured.py": ("How do I compute it in my own code?", "pages/api.py"),
    "pages/api.py": ("What do all these words mean?", "pages/glossary.py"),
    "pages/glossary.py": ("Which sentences about this divergence are true?", "pages/claims.py"),
    "pages/claims.py": ("How does all that look on one target?", "app.py"),
}
BY_SLIDERS = (
    "app.py",
    "pages/transitions.py",
    "pages/alpha_dial.py",
    "pages/objective_check.py",
    "pages/estimators.py",
)
BY_COMPONENTS = ("pages/landscape.py", "pages/mixture_lab.py")
TITLES = {page.script: page.title for page in PAGES}


class Pair(NamedTuple):
    """A p that is one family on the line, and a q beside it, both as SciPy writes them; q "" for none."""

    first: str
    second: str = ""


def draw_thread(script: str, units: str, target: Target | Mixture | Pair | None = None) -> None:
    """The foot of a page: its p on the other pages that can show it, and the question that comes next."""
    with st.container(key="thread", gap="xsmall"):
        if target is not None:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown("See this p in", width="content")
                for other, query in doors(script, target).items():
                    label = TITLES[other]
                    st.page_link(other, label=label, query_params={**query, **shared(units)}, width="content")
        question, onward = NEXT[script]
        st.page_link(onward, label=f"**Next:** {question} → {TITLES[onward]}", query_params=shared(units))


def end_page(script: str, units: str) -> NoReturn:
    """The foot of a page that has nothing to show in this state, and nothing after it."""
    draw_thread(script, units)
    st.stop()


def draw_one_mode(units: str) -> None:
    """The named families, which open in the Mixture lab: for a page whose targets have two modes."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("And with one mode alone?", width="content")
        for name, text in law.EXAMPLES.items():
            query = {**law.opening(text), **shared(units)}
            st.page_link("pages/mixture_lab.py", label=name, query_params=query, width="content")


def link_to_proof(script: str, lesson: str, label: str, units: str) -> None:
    """A link to the lesson in which what a page says is proved."""
    st.page_link(script, label=label, query_params={"lesson": lesson, **shared(units)})


def doors(script: str, target: Target | Mixture | Pair) -> dict[str, dict[str, str]]:
    """The other pages that can show this p, each with what its address then says."""
    if isinstance(target, Pair):
        both = {name: text for name, text in target._asdict().items() if text}
        found = {"pages/mixture_lab.py": law.opening(target.first), "pages/any_two.py": both}
        return {other: query for other, query in found.items() if other != script}
    if isinstance(target, Mixture):
        rows, start, two = target.rows, Q.default, _two_modes(target)
    else:
        half, rest = target.separation / 2, round(1 - target.weight, 12)
        rows, two = ((rest, -half, target.left), (target.weight, half, target.right)), target
        start = (half, target.right)
    found = {}
    if two is not None:
        numbers = (two.separation, two.weight, two.right, two.left)
        found |= dict.fromkeys(BY_SLIDERS, {slider.key: slider.text(value) for slider, value in zip(TARGET, numbers)})
    found |= dict.fromkeys(BY_COMPONENTS, {P.key: P.text(rows), Q.key: Q.text(start)})
    found["pages/any_two.py"] = {"first": _written(rows), "second": f"norm({start[0]!r}, {start[1]!r})"}
    return {other: query for other, query in found.items() if other != script}


def _written(rows: Rows) -> str:
    """A mixture as the page Any two takes it."""
    parts = zip(normalised(rows), *list(zip(*rows))[1:])
    return " + ".join(f"{weight!r}*norm({mean!r}, {std!r})" for weight, mean, std in parts)


def _two_modes(mixture: Mixture) -> Target | None:
    """The same p as the sliders say it, where they can: two components, their middle at 0, within the sliders."""
    if len(mixture.rows) != 2:
        return None
    (_, low, left), (_, high, right) = rows = sorted(mixture.rows, key=lambda row: row[1])
    weight = round(normalised(tuple(rows))[1], 12)
    numbers = (high - low, weight, right, left)
    can_be_set = low == -high and all(slider.admit(value) == value for slider, value in zip(TARGET, numbers))
    return Target(*numbers) if can_be_set else None
