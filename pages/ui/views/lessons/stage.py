"""A page of lessons: one is picked; its numbers and curves stand above, its derivations side by side below."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.draw.picture_files.picture_files import draw_picture_files
from pages.ui.frame import faults
from pages.ui.frame.shell import PLAIN, let_it_paint, say_opening, shown
from pages.ui.say import exports
from pages.ui.say.display_math import breakable
from pages.ui.state import session
from pages.ui.state.callbacks import button
from pages.ui.state.fields import Choice, Step
from pages.ui.views.lessons import charts, pair, takeaway, words
from pages.ui.views.lessons.proofs import Line, Proof, proved, spoken
from pages.ui.views.lessons.question import LESSONS, ONE, OWN_WORDS, PACE, Question, sliders_of
from pages.ui.views.lessons.scene import answered

LONGEST = 220  # px of what SymPy says to one step: its raw integral of two Gaussians is a page long
IN_NATS = "The derivations are in nats, as logarithms are natural; a bit is log 2 = 0.693147 nats."


def draw_lesson(script: str, choice: Choice, units: str, opening: DeltaGenerator) -> None:
    """The whole page below its heading, and its opening sentences in the place left for them.

    Presented or embedded, it is the derivation alone, one step at a time: each below the one that it follows from.
    """
    alone = shown() != PLAIN
    top = st.container(horizontal=True, vertical_alignment="bottom")
    with top:
        key = choice.pick()
    with st.container(key="panel"):
        draw_panel(script, key, units, opening)
    with st.container(horizontal=True, vertical_alignment="bottom", key="small_print"):
        pace, is_spoken = PACE.draw(), OWN_WORDS.draw()
    names = LESSONS[key].names
    step = _step(key, max(len(proved(name).lines) for name in names)) if alone or pace == ONE else None
    session.keep()
    with top:
        session.undo_button()
    if units == "bits":
        st.caption(IN_NATS)
    _draw_proofs(LESSONS[key].left, LESSONS[key].right, int(step.value) if step else 0, is_spoken, alone)
    if step:
        _draw_pace(step)
    _draw_exports(names)


@st.fragment
def draw_panel(script: str, key: str, units: str, opening: DeltaGenerator) -> None:
    """Sliders, numbers and curves: a fragment, so that a slider leaves the derivations alone."""
    faults.watch(script)  # a fragment may run without its page
    sliders = sliders_of(LESSONS[key])
    session.restore(*sliders, part=key)
    with st.container(key="desk"):
        desk, easel = st.columns([2, 7], gap="medium")
    with desk.container(gap="xsmall"):
        values = tuple(slider.draw() for slider in sliders)
    question = session.ask(Question(key, values))
    if session.runs_alone():
        session.keep()
    scene = answered(question)
    say_opening(opening, words.lead(scene, units))
    texts = words.columns(scene, units)
    with easel.container(key="easel"):
        columns = st.columns(len(texts), gap="medium")
        # The chart first, though it stands below: it is what a moved slider is watched for.
        picture = st.container(key="picture", gap="xsmall")  # on a narrow screen it moves up
        if small := pair.picture(question):
            small.draw(picture)
        charts.curves(scene, units).draw(picture)
        let_it_paint()
        for column, text in zip(columns, texts):
            column.markdown(text)
        st.caption(words.caption(scene, units))
    with st.expander("These numbers: picture, Python, CSV"):
        draw_picture_files(f"kl-lab-{Path(script).stem}-{key}")
        exports.draw_text("Python", question.to_python())
        exports.draw_tables(takeaway.tables(scene))
    if session.runs_alone():
        session.renew_undo()


def _step(key: str, last: int) -> Step:
    """Up to which step is shown when they come one at a time: each lesson keeps its own."""
    field = Step.to(last)
    session.restore(field, part=f"{key}, steps")
    return field


def _draw_pace(field: Step) -> None:
    """Under the last step shown: the next one, also by the space bar, and the one before, also by the key Backspace."""
    at, last = int(field.value), int(field.high)
    with st.container(horizontal=True, vertical_alignment="center", key="steps"):
        look = {"disabled": at >= last, "type": "primary", "shortcut": "Space"}
        button("Next step", session.put, {field.key: at + 1}, **look)
        button("Back", session.put, {field.key: at - 1}, disabled=at <= 1, shortcut="Backspace")
        st.markdown(f"step {at} of {last}")


def _draw_proofs(left: tuple[str, ...], right: tuple[str, ...], upto: int, is_spoken: bool, alone: bool) -> None:
    """Derivations side by side, up to this step of each (0: all), and what SymPy says itself if it is asked."""
    place = st.container(key="proofs")
    columns = place.columns(2, gap="large") if right else [place]
    for column, names in zip(columns, (left, right)):
        with column.container(gap="xsmall"):
            for name in names:
                said = spoken(name) if is_spoken else ()
                if alone:
                    _draw_step(proved(name), upto)
                else:
                    _draw_proof(proved(name), upto, said, is_wide=not right)


def _draw_exports(names: tuple[str, ...]) -> None:
    """Every derivation as LaTeX, Markdown and, where it has a closed form, Python."""
    with st.expander("Take it away: LaTeX, Markdown, Python"):
        for proof in map(proved, names):
            st.markdown(f"**{proof.title}**")
            texts = {"LaTeX": proof.document, "Markdown": proof.markdown, "Python": proof.python}
            exports.draw_exports(proof.name, texts)
            if proof.python:
                exports.draw_text("Python", proof.python)


def _draw_step(proof: Proof, at: int) -> None:
    """One step of a derivation, large, below the one before it; the last, where it has no so many."""
    st.markdown(f"#### {proof.title}")
    number = min(at, len(proof.lines))
    for place, line in enumerate(proof.lines[max(0, number - 2) : number], max(1, number - 1)):
        with st.container(key=f"{'now' if place == number else 'before'} {proof.name}", gap="xxsmall"):
            st.markdown(f"$$\n{breakable(line.statement)}\n$$")
            st.caption(rf"{place}\. {line.reason} ({'✓' if line.passed else '✗'} {line.law})")


def _draw_proof(proof: Proof, upto: int, said: tuple[str, ...], is_wide: bool) -> None:
    """A derivation as a page of a book: its setting, its lines, and at the end what was found of them."""
    st.markdown(f"#### {proof.title}")
    if proof.setting:
        st.caption(";&ensp;".join(proof.setting) + ".")
    lines = proof.lines[: upto or None]
    for number, line in enumerate(lines, 1):
        _draw_line(number, line, is_wide)
        if said and said[number - 1]:
            st.code(said[number - 1], language="python", wrap_lines=True, height=LONGEST)
    if said and not any(said):
        st.caption("No step of this derivation is one that SymPy has a function for: each is checked by its law.")
    if len(lines) < len(proof.lines):
        st.caption(f"{len(proof.lines) - len(lines)} more steps")
    else:
        verdict = "Every step holds" if proof.passed else "**A step does not hold**"
        st.caption(f"{verdict}; the largest numeric residual, at 50 digits, is {proof.residual}.")


def _draw_line(number: int, line: Line, is_wide: bool) -> None:
    """A formula, and in the margin (where there is none, below it) why it follows; the law opens to its check."""
    place, margin = st.columns([3, 2], gap="medium", vertical_alignment="center") if is_wide else (st, st)
    place.markdown(f"$$\n{breakable(line.formula)}\n$$")
    with margin.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.caption(rf"{number}\. {line.reason}", width="stretch")
        law = f"{'✓' if line.passed else '✗'} {line.law}"
        with st.popover(law, type="tertiary", key=f"law {line.place}"):
            st.markdown(line.how)
