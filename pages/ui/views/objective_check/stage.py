"""The answer on the page: headline, picture, numbers, consequences, and what to take away."""

from __future__ import annotations

import streamlit as st

from kl_engine.objectives.reading.estimators import Sampled
from pages.ui.frame.shell import let_it_paint
from pages.ui.frame.takeaway import draw_takeaway
from pages.ui.say.key import written
from pages.ui.say.plain_text import escaped
from pages.ui.views.objective_check import takeaway, words
from pages.ui.views.objective_check.charts import fit_chart
from pages.ui.views.objective_check.scene import Family, Scene, stances

KS = ("k1", "k2", "k3")


def draw_answer(scene: Scene, units: str) -> None:
    """Everything about one objective that is a sum of expectations."""
    question, verdict, shown = scene.question, scene.verdict, scene.shown
    if not verdict.judged:
        _draw_unjudged(scene)
        return
    for fault in question.reading.faults:
        st.error(f"As written it is not a divergence: {escaped(fault)}. Below is the answer to the call as meant.")
    left, right = st.columns([8, 5], gap="medium")
    fit_chart(scene).draw(left)
    right.markdown(words.numbers(shown, units))
    let_it_paint()
    with st.container(key="under"):
        _draw_consequences(scene, units)


def _draw_consequences(scene: Scene, units: str) -> None:
    """What it does in words, and what it forces on q, whose table may still be filled in when all else is drawn."""
    question, verdict, shown = scene.question, scene.verdict, scene.shown
    st.markdown(words.sentence(shown, units, bool(verdict.tilt)) + words.stands_for(verdict))
    table = st.empty()
    table.markdown(words.consequences(verdict, _at_once(scene), _drawn(scene)))
    if _estimator(scene):
        st.page_link("pages/estimators.py", label="k1, k2 and k3 on this p and a q of yours: Bounds and estimators")
    for note in question.reading.notes:
        st.caption(escaped(note) + ".")
    _draw_entry(scene)
    draw_takeaway(question.to_python(), takeaway.tables(scene), texts={"answer": takeaway.answer_text(scene)})
    if _depends_on_p(scene):  # last, as it may take a second: everything else is on the screen by now
        target = question.target
        found = stances(target.weight, target.right, target.left)
        table.markdown(words.consequences(verdict, words.where_it_holds(found, target), _drawn(scene)))


def _draw_unjudged(scene: Scene) -> None:
    """What is said of an objective that is none of this view's: the target alone, and nothing of a q."""
    fit_chart(scene).draw(st)
    with st.container(key="under"):
        st.markdown(words.NOT_JUDGED)
        for note in scene.question.reading.notes:
            st.caption(escaped(note) + ".")
        texts = {"answer": takeaway.unjudged_text(scene)}
        draw_takeaway(scene.question.to_python(), takeaway.tables(scene), texts=texts)


def _depends_on_p(scene: Scene) -> bool:
    """Whether it is the reverse divergence from p itself, whose best fit is of one kind here and of another there."""
    return scene.shown.pure and not scene.shown.weights.forward and not scene.verdict.tilt


def _estimator(scene: Scene) -> Sampled | None:
    """k1, k2 or k3, where the text is one."""
    sampled = scene.question.reading.sampled
    return sampled if sampled and sampled.kind in KS else None


def _drawn(scene: Scene) -> Sampled | None:
    """An estimator at samples of one distribution, where the text is one: what it needs are draws of that one."""
    sampled = scene.question.reading.sampled
    return sampled if sampled and sampled.kind in (*KS, "weighted") else None


def _at_once(scene: Scene) -> str:
    """What is said of where it holds before anything is looked for."""
    if scene.shown.pure and scene.shown.weights.forward:
        return words.EVERYWHERE
    return words.FINDING if _depends_on_p(scene) else ""


def draw_family(scene: Family, units: str) -> None:
    """An objective that is a family between the two directions: both ends of it, and one member by its α."""
    fit_chart(scene).draw(st)
    ends = ((written("forward", "forward end"), scene.forward), (written("reverse", "reverse end"), scene.reverse))
    with st.container(key="under"):
        st.markdown(words.member_line(scene, units))
        for column, (head, end) in zip(st.columns(2, gap="medium"), ends):
            column.markdown(f"{head}\n\n{words.numbers(end, units)}")
            column.markdown(words.sentence(end, units))
        _draw_entry(scene)
        draw_takeaway(scene.question.to_python(), takeaway.tables(scene))


def _draw_entry(scene: Scene | Family) -> None:
    """What the catalogue says of it."""
    if scene.question.objective:
        remark, source = words.of_the_entry(scene.question.objective)
        st.markdown(remark)
        st.caption(source)
