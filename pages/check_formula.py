"""Check my formula: which divergence is it, if any?"""

import streamlit as st

from pages.ui import cache
from pages.ui.frame import shell
from pages.ui.glossary.links import glossary
from pages.ui.say.plain_text import escaped
from pages.ui.state import controls
from pages.ui.state import url as state
from pages.ui.views.check_formula.meaning_controls import draw_meanings
from pages.ui.views.check_formula.words import draw_answer

PAGE = "pages/check_formula.py"
LONGEST = 500
EXAMPLES = {
    "Textbook": "log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2",
    "LaTeX": r"\log\frac{\sigma_1}{\sigma_2} + \frac{\sigma_2^2 + (\mu_1-\mu_2)^2}{2\sigma_1^2} - \frac{1}{2}",
    "Variational autoencoder": "KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())",
    "In bits": "(log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2)/log(2)",
    "Swapped": r"KL(q\|p) = \log\frac{\sigma_q}{\sigma_p} + \frac{\sigma_p^2 + (\mu_p-\mu_q)^2}{2\sigma_q^2} - \frac12",
    "A slip": "log(s2/s1) + (s1 + (m1 - m2)**2)/(2*s2) - 1/2",
}

units = shell.open_page(PAGE)
state.restore_text(PAGE, "formula", EXAMPLES["Textbook"], LONGEST)
shell.heading(
    "Check my formula",
    f"Paste a {glossary('Kullback-Leibler divergence', units, 'divergence')} between two Gaussians, "
    "from a paper or from code: which direction is it, if any?",
)
with st.container(horizontal=True, gap="xsmall"):
    for name, text in EXAMPLES.items():
        st.button(name, on_click=controls.put, args=({"formula": text},))
text = st.text_area(
    "Formula, as Python, LaTeX or on paper; with its left side, if you like",
    key="formula",
    max_chars=LONGEST,
    help=f"At most {LONGEST} characters: one formula for two Gaussians, in up to eight symbols.",
    height=90,
)
state.keep_text(PAGE, "formula", EXAMPLES["Textbook"])

try:
    meanings = draw_meanings(PAGE, text, cache.guessed_meanings(text))
    check = cache.checked_formula(text, meanings)
except ValueError as refusal:  # what the grammar says of a text that it does not accept
    st.error(escaped(str(refusal)))
else:
    draw_answer(check, units)
