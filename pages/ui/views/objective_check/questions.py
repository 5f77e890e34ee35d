"""What the person sets: the objective, which distribution is fitted, the scalars, and what the text leaves open."""

from __future__ import annotations

from zlib import crc32

import streamlit as st

from kl_engine.objectives.catalogue import CATALOGUE, Objective
from kl_engine.objectives.models import guess_model
from kl_engine.objectives.reading import Reading
from kl_engine.objectives.text_limits import MAX_LENGTH, MAX_NAMES
from pages.ui import cache
from pages.ui.say.plain_text import escaped
from pages.ui.state import url as state
from pages.ui.state.controls import Slider

TYPED = "typed"
TITLES = {TYPED: "My own, typed below", **{key: entry.title for key, entry in CATALOGUE.items()}}
EXAMPLES = {
    "KL(q||p)": "KL(q||p)",
    "−E_p[log q]": "-E_p[log q]",
    "CE(q, p)": "CE(q, p)",
    "F.kl_div(q, p)": "F.kl_div(q, p)",
    "both": "(1 - lambda)*KL(p||q) + lambda*KL(q||p)",
    "β-VAE": r"\mathbb{E}_{q(z|x)}\left[\log p(x|z)\right] - \beta D_{\mathrm{KL}}\left(q(z|x)\,\|\,p(z)\right)",
}
ALPHA = Slider("alpha", "α (Minka's)", 0.0, 1.0, 0.05, 0.5, "0 is D(q‖p), 1 is D(p‖q), ½ is 4 (Hellinger distance)².")
UNSAID = "not said"


def scalar_slider(name: str) -> Slider:
    """The control of one named scalar; it is taken to be positive."""
    return Slider(
        f"scalar_{name}", escaped(name), 0.05, 2.0, 0.05, 0.5, "A scalar of the objective, taken as positive."
    )


def mark_of(text: str) -> str:
    """What ties a choice to one text: in the next one the same letter may mean another thing."""
    return f"{crc32(text.encode()):08x}"


def ask_model(reading: Reading, named: str | None, page: str) -> str:
    """Which distribution is fitted: of a catalogue entry it is known; otherwise a choice, the likeliest first."""
    densities = reading.form.densities()
    guess = guess_model(densities)
    if named or len(densities) == 1:
        return named or guess.model
    options = sorted(densities, key=lambda name: name != guess.model)
    label = "Which one is fitted?" if guess.certain else "Which one is fitted? The names do not say."
    key = f"model_{mark_of(reading.text)}"
    state.restore(page, (), {key: {name: name for name in options}})
    return st.selectbox(label, options, key=key, bind="query-params")


def ask_open(questions: tuple, text: str, page: str) -> dict[str, str]:
    """The answers to what only the author of the text can know."""
    answers = {}
    for question in questions:
        key = f"{question.key}_{mark_of(text)}"
        options = [UNSAID, *question.options]
        state.restore(page, (), {key: {option: option for option in options}})
        answer = st.selectbox(escaped(question.words), options, key=key, bind="query-params")
        if answer != UNSAID:
            answers[question.key] = answer
    return answers


def ask_text(entry: Objective | None) -> str:
    """The text of the objective: typed, or that of the catalogue's entry."""
    if entry is None:
        label = "As a formula, in LaTeX, or as a library call"
        allowed = f"At most {MAX_LENGTH} characters, in up to {MAX_NAMES} names: expectations, divergences, entropies."
        return st.text_area(label, key="text", max_chars=MAX_LENGTH, height=80, help=allowed, bind="query-params")
    if entry.text:
        st.code(entry.text, language=None, wrap_lines=True)
    return entry.text


def ask_rest(reading: Reading, entry: Objective | None, page: str) -> tuple[Reading, dict[str, float], str]:
    """What the text leaves open: the reading with its answers, the scalars, the fitted distribution."""
    answers = ask_open(reading.questions, reading.text, page)
    if answers:
        reading, _ = cache.read_objective(reading.text, tuple(sorted(answers.items())))
    model = ask_model(reading, entry.model if entry else None, page)
    sliders = [scalar_slider(name) for name in reading.form.scalars()]
    state.restore(page, sliders, {})
    return reading, {name: slider.draw() for name, slider in zip(reading.form.scalars(), sliders)}, model
